package main

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/sphereface-go/sphereface"
	"github.com/sphereface-go/sphereface/internal/face"
	"github.com/sphereface-go/sphereface/internal/onnx"
)

// opencv is what Python computes embeddings of photos with. OpenCV 5 no longer
// brings a detector of faces along.
var opencv = kit{
	name: "OpenCV and ONNX Runtime", folder: "opencv", imports: "cv2, numpy, onnxruntime; cv2.CascadeClassifier",
	size: "300 MB",
	packages: func(_ context.Context, _ string, pip func(args ...string) error) error {
		return pip("opencv-python-headless<5", "numpy", "onnxruntime")
	},
}

const (
	photoCount   = 128 // photos of a run, at most
	photoBatch   = 16  // photos that the network takes at once, on both sides
	smallestFace = 40  // pixels, as internal/face looks for
)

// photoSpec is what photos.py reads.
type photoSpec struct {
	Threads  int      `json:"threads"`
	Model    string   `json:"model"` // file
	Photos   []string `json:"photos"`
	Batch    int      `json:"batch"`    // photos
	Smallest int      `json:"smallest"` // side of a face in pixels
	Width    int      `json:"width"`    // of a crop
	Height   int      `json:"height"`
	Eyes     float64  `json:"eyes"` // distance of the eyes in a crop
	Mean     float64  `json:"mean"` // of a pixel, which is (v − mean)/std
	Std      float64  `json:"std"`
}

// photos are the files that both sides embed, and our model.
type photos struct {
	paths []string
	model *sphereface.Model
	found []float64 // photos with a face, of every run so far
}

// photoFiles returns the JPEG files below a folder, or so many of them that lie
// evenly in their order.
func photoFiles(folder string) ([]string, error) {
	var paths []string
	err := filepath.WalkDir(folder, func(path string, e fs.DirEntry, err error) error {
		if ext := strings.ToLower(filepath.Ext(path)); err == nil && !e.IsDir() && (ext == ".jpg" || ext == ".jpeg") {
			paths = append(paths, path)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("--photos: %w", err)
	}
	if len(paths) == 0 {
		return nil, fmt.Errorf("--photos %s: there is no .jpg file in it: name a folder with photos of people, such as LFW's", folder)
	}
	all := len(paths)
	n := min(all, photoCount)
	for i := range n {
		paths[i] = paths[i*all/n]
	}
	return paths[:n], nil
}

// write puts the spec and the model where the spec says they are, and returns the
// path of the spec itself.
func (s photoSpec) write(model []byte, dir string) (string, error) {
	s.Model = filepath.Join(dir, "model.onnx")
	text, err := json.Marshal(s)
	if err != nil {
		return "", fmt.Errorf("spec: %w", err)
	}
	path := filepath.Join(dir, "photos.json")
	for file, data := range map[string][]byte{s.Model: model, path: text} {
		if err := os.WriteFile(file, data, 0o600); err != nil {
			return "", fmt.Errorf("spec: %w", err)
		}
	}
	return path, nil
}

// run embeds all photos n times: where no face is found, what lies in the middle.
func (p *photos) run(ctx context.Context, n int) ([]float64, error) {
	return timed(ctx, n, func() error {
		found := 0
		for e, err := range p.model.EmbedFiles(ctx, p.paths, sphereface.AlignDetectOrFixed) {
			if err != nil {
				return err
			}
			if e.Alignment == sphereface.AlignDetect {
				found++
			}
		}
		p.found = append(p.found, float64(found))
		return nil
	})
}

// photos lets our way from photos to embeddings and Python's take turns.
func (r *report) photos(ctx context.Context, prob *problem, progress io.Writer) error {
	o := r.options
	paths, err := photoFiles(o.photos)
	if err != nil {
		return err
	}
	python, err := opencv.find(ctx, o, progress)
	if err != nil {
		return err
	}
	model, err := onnx.Encode(prob.net, prob.weights, contract(prob), onnx.Options{})
	if err != nil {
		return err
	}
	ours := &photos{paths: paths}
	if ours.model, err = sphereface.OpenBytes(model, sphereface.Options{Library: o.library, Threads: o.threads}); err != nil {
		return err
	}
	defer ours.model.Close()
	dir, err := os.MkdirTemp("", "sphereface-versus-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	eyes := face.Template()
	path, err := photoSpec{
		Threads: o.threads, Photos: paths, Batch: photoBatch, Smallest: smallestFace,
		Width: face.CropWidth, Height: face.CropHeight, Eyes: eyes[1][0] - eyes[0][0],
		Mean: face.PixelMean, Std: face.PixelScale,
	}.write(model, dir)
	if err != nil {
		return err
	}
	theirs, err := program{"opencv", "photos.py", photosSource}.start(ctx, python, dir, path, nil)
	if err != nil {
		return err
	}
	defer theirs.close()

	done, err := duel{
		title:  fmt.Sprintf("%s, %d photos", prob.net.Name, len(paths)),
		images: len(paths),
		ours:   side{"sphereface", ours.run},
		theirs: side{"Python", theirs.run},
	}.fight(ctx, o.rounds, o.turn, progress)
	if err != nil {
		return err
	}
	r.outcomes = append(r.outcomes, done)
	r.notes = append(r.notes,
		"Python        "+theirs.greeting.About,
		fmt.Sprintf("              %.2f s of CPU while the other side ran", theirs.idleCPU),
		fmt.Sprintf("faces         found in %.0f of %d photos by sphereface, in %.0f by OpenCV",
			slices.Min(ours.found), len(paths), slices.Min(theirs.results)))
	return nil
}
