package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/sphereface-go/sphereface/internal/atomicfile"
	"github.com/sphereface-go/sphereface/internal/face"
)

func embedCommand() command {
	return command{
		name: "embed", arguments: "FILE|DIR...", summary: "the features of photos, for other programs",
		details: `Writes the feature of each photo: the embedding of the face and, if the model's
contract says mirror, that of its mirror image after it. Compare two features by
their cosine. Of several faces in a photo it takes the most prominent, as in training.
Folders are searched for JPEG, PNG, WebP and BMP files, folders in
them too, but not links to folders in them; the order is that of the arguments, by
name in a folder.

Ends at the first photo that cannot be used. With --out nothing is written then; on
standard output the rows of the photos before it are out already.

Formats:
  jsonl  an object a line: {"path":"a.jpg","embedding":[...],"faces":1,"quality":0.93};
         the last two say how many faces were found and how good the one taken is, and
         are left out where none is looked for
  csv    a header, then a line a photo: path,e0,e1,...
  npy    a NumPy array of float32, a row a photo in the order above; needs --out`,
		flags: func(f *flags) {
			f.addModel()
			f.addEmbed()
			f.addNoDetect()
			f.addTimeout()
			f.addRuntime()
			f.addMetadata()
		},
		reads: true,
		run:   embed,
	}
}

func embed(ctx context.Context, o options, stdout, stderr io.Writer) (err error) {
	if len(o.arguments) == 0 {
		return errors.New("embed takes images or folders, got none; see infer embed --help")
	}
	if o.format == "npy" && o.out == "" {
		return errors.New("--format npy is binary: name the file with --out")
	}
	paths, err := findImages(o.arguments)
	if err != nil {
		return err
	}
	m, err := openModel(o, false)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, m.Close()) }()
	if o.out != "" {
		if err := (outFile{flag: "--out", path: o.out}).check(append(paths, m.path)...); err != nil {
			return err
		}
	}
	m.warnUnasked(stderr)
	var poor poorFaces
	write := func(to io.Writer) error {
		rows, err := newRows(o.format, to, len(paths), m.Size())
		if err != nil {
			return err
		}
		for e, err := range m.EmbedFiles(ctx, paths, m.alignment) {
			if err != nil {
				return withoutDetector(err)
			}
			poor.see(e.Photo)
			if err := rows.write(e); err != nil {
				return err
			}
		}
		return nil
	}
	if o.out == "" {
		err = printOut(stdout, write)
	} else {
		err = atomicfile.Write(o.out, write)
	}
	if err == nil {
		poor.warn(stderr)
	}
	return err
}

// findImages gives the files among the arguments and the images in their folders.
func findImages(arguments []string) ([]string, error) {
	var paths []string
	for _, a := range arguments {
		info, err := os.Stat(a)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil, fmt.Errorf("%s: no such file or folder; check the path", a)
		case err != nil:
			return nil, unreadable(a, err)
		case !info.IsDir():
			paths = append(paths, a)
			continue
		}
		before := len(paths)
		// A link to a folder is followed if a separator comes after it.
		err = filepath.WalkDir(a+string(filepath.Separator), func(path string, entry fs.DirEntry, err error) error {
			if err == nil && !entry.IsDir() && face.HasImageExtension(path) {
				paths = append(paths, path)
			}
			return err
		})
		if err != nil {
			return nil, unreadable(a, err)
		}
		if len(paths) == before {
			return nil, fmt.Errorf("%s: no image in this folder; name one that holds %s files", a, strings.Join(face.Extensions(), ", "))
		}
	}
	return paths, nil
}
