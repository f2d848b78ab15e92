package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"

	"github.com/sphereface-go/sphereface"
	"github.com/sphereface-go/sphereface/internal/ordered"
)

func detectCommand() command {
	return command{
		name: "detect", arguments: "FILE|DIR...", summary: "where are the faces in photos?",
		details: `Finds the faces in photos and prints an object a line for each photo: path, width
and height in pixels once it is turned upright, and faces, the most prominent first,
which is large and near the centre. Needs neither a model nor ONNX Runtime. Of each
face it says

  box           [left,top,right,bottom] of a square around it
  points        [x,y] of the left eye, the right eye, the tip of the nose, the left and
                the right corner of the mouth, as the viewer sees them
  quality       from 0 to 1: the least of its size, its sharpness and its certainty; do
                not rely on a face below 0.5
  eye_distance  pixels between the eyes
  angle         degrees by which the eyes' line is turned clockwise
  score         how sure the detector is: above 100 for most faces

Places are in pixels of the upright photo, measured from its upper left corner, half
a pixel from the centre of its first one.

Exits with 0 if there is a face in every photo, with 1 if there is none in some, with 2
at the first that cannot be read.`,
		flags: func(f *flags) { f.addThreads(); f.addTimeout() },
		reads: true,
		run:   detect,
	}
}

// detection is what detect finds in a photo, and its JSON.
type detection struct {
	Path   string      `json:"path"`
	Width  int         `json:"width"`
	Height int         `json:"height"`
	Faces  []foundFace `json:"faces"`
}

func detect(ctx context.Context, o options, stdout, _ io.Writer) error {
	if len(o.arguments) == 0 {
		return errors.New("detect takes images or folders, got none; see infer detect --help")
	}
	paths, err := findImages(o.arguments)
	if err != nil {
		return err
	}
	without := 0
	err = printOut(stdout, func(to io.Writer) error {
		encoder := json.NewEncoder(to)
		encoder.SetEscapeHTML(false) // paths stay readable
		for d, err := range ordered.Map(ctx, len(paths), o.workers(), o.workers(), func(ctx context.Context, i int) (detection, error) {
			return detectIn(ctx, paths[i], o.limits)
		}) {
			if err != nil {
				return err
			}
			if len(d.Faces) == 0 {
				without++
			}
			if err := encoder.Encode(d); err != nil {
				return err
			}
		}
		return nil
	})
	if err == nil && without > 0 {
		return errNoFace
	}
	return err
}

// detectIn searches a photo, also one that has the size of a crop.
func detectIn(ctx context.Context, path string, limits sphereface.Limits) (detection, error) {
	photo, err := sphereface.ReadPhoto(ctx, path, sphereface.AlignDetect, limits)
	if e, ok := errors.AsType[*sphereface.NoFaceError](err); ok {
		return detection{path, e.Width, e.Height, describeFaces(nil)}, nil
	}
	if err != nil {
		return detection{}, err
	}
	if photo.Alignment == sphereface.AlignNone {
		if photo.Faces, err = sphereface.Detect(ctx, photo.Image); err != nil {
			return detection{}, err
		}
	}
	return detection{path, photo.Width, photo.Height, describeFaces(photo.Faces)}, nil
}
