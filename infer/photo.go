package main

import (
	"errors"
	"fmt"
	"math"

	"github.com/sphereface-go/sphereface"
	"github.com/sphereface-go/sphereface/internal/face"
)

// photo is an image file and the faces in it, as JSON has it.
type photo struct {
	Path      string `json:"path"`
	Width     int    `json:"width"`     // pixels, turned upright
	Height    int    `json:"height"`    // pixels, turned upright
	Alignment string `json:"alignment"` // the way to the crop, "none" for an image that is one

	// Chosen is the face that is compared, counted from 1; 0 where none is looked for.
	Chosen int `json:"face,omitempty"`

	// Corners of the crop in the upright photo, clockwise from the crop's upper left
	// one: x and y in pixels from the photo's upper left corner (0, 0) to its lower
	// right one (width, height), to 2 decimals.
	Corners [4][2]float64 `json:"crop"`

	Faces []foundFace `json:"faces,omitempty"`
}

// foundFace is a face, as JSON has it. Places are measured as those of photo.Corners.
type foundFace struct {
	Box         [4]float64    `json:"box"`    // left, top, right, bottom
	Points      [5][2]float64 `json:"points"` // eyes, nose, corners of the mouth
	Quality     float64       `json:"quality"`
	EyeDistance float64       `json:"eye_distance"` // pixels
	Angle       float64       `json:"angle"`        // degrees, clockwise
	Score       float64       `json:"score"`
}

// describe says what was found in a photo and which of its crops is meant.
func describe(p *sphereface.Photo, crop int) photo {
	d := photo{
		Path: p.Name, Width: p.Width, Height: p.Height, Alignment: string(p.Alignment),
		Corners: p.Crops[crop].Corners, Faces: describeFaces(p.Faces),
	}
	if len(p.Faces) > 0 {
		d.Chosen = crop + 1
	}
	for i := range d.Corners {
		for j := range d.Corners[i] {
			d.Corners[i][j] = rounded(d.Corners[i][j], 2)
		}
	}
	return d
}

func describeFaces(faces []sphereface.Face) []foundFace {
	found := make([]foundFace, len(faces))
	for i, f := range faces {
		// From a pixel's centre to its corner it is half a pixel.
		x, y, half := f.X+0.5, f.Y+0.5, f.Side/2
		found[i] = foundFace{
			Box:         [4]float64{rounded(x-half, 2), rounded(y-half, 2), rounded(x+half, 2), rounded(y+half, 2)},
			Quality:     rounded(f.Quality(), 3),
			EyeDistance: rounded(f.EyeDistance(), 2),
			Angle:       rounded(f.Angle(), 2),
			Score:       rounded(f.Score, 2),
		}
		for j, p := range f.Points {
			found[i].Points[j] = [2]float64{rounded(p[0]+0.5, 2), rounded(p[1]+0.5, 2)}
		}
	}
	return found
}

// rounded is a number to so many decimals, and not -0.
func rounded(v float64, decimals int) float64 {
	factor := math.Pow10(decimals)
	return math.Round(v*factor)/factor + 0
}

// checkPhotos opens the files, so that one that cannot be read is named before a model
// is loaded.
func checkPhotos(paths []string) error {
	for _, path := range paths {
		f, err := face.Open(path)
		if err != nil {
			return err
		}
		f.Close()
	}
	return nil
}

// withoutDetector adds to the error of a photo without a face the flag that helps if
// it has the shape of a crop, in which there may be nothing to be found.
func withoutDetector(err error) error {
	if e, ok := errors.AsType[*sphereface.NoFaceError](err); ok && sphereface.HasCropShape(e.Width, e.Height) {
		return fmt.Errorf("%w, or take it for an aligned crop with --no-detect", err)
	}
	return err
}
