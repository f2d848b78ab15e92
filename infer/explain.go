package main

import (
	"github.com/sphereface-go/sphereface"
	"github.com/sphereface-go/sphereface/internal/explain"
	"github.com/sphereface-go/sphereface/internal/face"
)

// explain draws the comparison of the most similar pair.
func (v verdict) explain(path string, photos [2]*sphereface.Photo, best facePair) error {
	return explain.Write(path, explained(photos[0], best.A-1), explained(photos[1], best.B-1), v.Similarity, v.Threshold)
}

// explained is what a picture shows of a photo: all faces, and the crop that is
// meant.
func explained(p *sphereface.Photo, crop int) explain.Photo {
	e := explain.Photo{
		Name: p.Name, Image: p.Image, Chosen: -1, Aligned: p.Alignment == sphereface.AlignNone,
		Corners: p.Crops[crop].Corners, Crop: face.Crop{Pix: p.Crops[crop].Pix},
	}
	for _, f := range p.Faces {
		e.Faces = append(e.Faces, face.Face(f))
	}
	if len(p.Faces) > 0 {
		e.Chosen = crop
	}
	return e
}
