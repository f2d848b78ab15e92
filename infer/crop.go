package main

import (
	"context"
	"errors"
	"fmt"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/sphereface-go/sphereface"
	"github.com/sphereface-go/sphereface/internal/atomicfile"
	"github.com/sphereface-go/sphereface/internal/ordered"
)

func cropCommand() command {
	return command{
		name: "crop", arguments: "FILE|DIR... --out DIR", summary: "the aligned crops of photos, as PNG",
		details: `Cuts the most prominent face out of each photo, aligned as a network sees it: 96
pixels wide and 112 high, byte for byte as in training. The crop of a/photo.jpg is
DIR/photo.png, which is replaced if it is there. With --all it cuts out every face:
DIR/photo_face1.png and so on, in the order of infer detect. Two photos whose crops
would have the same name are refused before anything is written, and so is a folder
in which a crop would replace a photo. Needs neither a model nor ONNX Runtime.

An image of 96×112 pixels is an aligned crop already and is taken as it is. With
--alignment fixed the same frame is cut out of every photo.

Exits with 0 if every photo gave a crop, with 1 if some have no face, each of which is a
line on standard error, with 2 at the first photo that cannot be read.`,
		flags: func(f *flags) { f.addCrop(); f.addThreads(); f.addTimeout() },
		reads: true,
		run:   crop,
	}
}

func crop(ctx context.Context, o options, _, stderr io.Writer) error {
	if len(o.arguments) == 0 || o.out == "" {
		return errors.New("crop takes images or folders and --out DIR; see infer crop --help")
	}
	paths, err := findImages(o.arguments)
	if err != nil {
		return err
	}
	if err := checkCropNames(paths, o.out); err != nil {
		return err
	}
	if err := os.MkdirAll(o.out, 0o777); err != nil {
		return fmt.Errorf("--out: %w", atomicfile.Advise(err))
	}
	without := 0
	var poor poorFaces
	for done, err := range ordered.Map(ctx, len(paths), o.workers(), o.workers(), func(ctx context.Context, i int) (cropped, error) {
		return cropPhoto(ctx, paths[i], o)
	}) {
		if err != nil {
			return err
		}
		if done.note != "" {
			without++
			fmt.Fprintln(stderr, "infer: "+oneLine(done.note))
			continue
		}
		poor.see(done.photo)
	}
	poor.warn(stderr)
	if without > 0 {
		return errNoFace
	}
	return nil
}

// cropped is a photo whose crops are written, or says in the note that it has no face.
type cropped struct {
	photo *sphereface.Photo
	note  string
}

// cropPhoto writes the crops of a photo.
func cropPhoto(ctx context.Context, path string, o options) (cropped, error) {
	photo, err := sphereface.ReadPhoto(ctx, path, sphereface.Alignment(o.alignment), o.limits)
	if _, ok := errors.AsType[*sphereface.NoFaceError](err); ok {
		return cropped{note: err.Error()}, nil
	}
	if err != nil {
		return cropped{}, err
	}
	photo.Image = nil // photos wait for their turn without it
	crops := photo.Crops
	if !o.faces.all {
		crops = crops[:1]
	}
	for i, c := range crops {
		name := cropName(path)
		if o.faces.all {
			name += fmt.Sprintf("_face%d", i+1)
		}
		err := atomicfile.Write(filepath.Join(o.out, name+".png"), func(w io.Writer) error { return png.Encode(w, c.Image()) })
		if err != nil {
			return cropped{}, err
		}
	}
	return cropped{photo: photo}, nil
}

// cropName is the name of a photo's crop, without the number of a face and the
// extension.
func cropName(path string) string {
	name := filepath.Base(path)
	return strings.TrimSuffix(name, filepath.Ext(name))
}

// checkCropNames makes sure that no crop would replace another one, or a photo.
func checkCropNames(paths []string, out string) error {
	target, targetErr := os.Stat(out)
	seen := make(map[string]string)
	for _, path := range paths {
		// Some file systems do not tell upper case from lower.
		name := strings.ToLower(cropName(path))
		if other, ok := seen[name]; ok {
			return fmt.Errorf("%s and %s: their crops would have the same name; crop them into two folders", other, path)
		}
		seen[name] = path
		if dir, err := os.Stat(filepath.Dir(path)); err == nil && targetErr == nil && os.SameFile(dir, target) {
			return fmt.Errorf("--out %s: holds the photo %s, which a crop might replace; name another folder", out, path)
		}
	}
	return nil
}
