package main

import (
	"fmt"
	"io"

	"github.com/sphereface-go/sphereface"
)

// poor says what is wrong with a face that should not be relied on, or "".
func poor(f sphereface.Face) string {
	if f.Quality() >= sphereface.PoorQuality {
		return ""
	}
	return fmt.Sprintf("small, blurred or doubtful (quality %.2f, below %.2f; eyes %.0f pixels apart, score %.0f)", f.Quality(), sphereface.PoorQuality, f.EyeDistance(), f.Score)
}

// poorFaces counts photos whose face is poor.
type poorFaces struct {
	photos, poor int
	first        string // a photo
	quality      float64
}

func (p *poorFaces) see(photo *sphereface.Photo) {
	p.photos++
	if len(photo.Faces) == 0 || poor(photo.Faces[0]) == "" {
		return
	}
	if p.poor++; p.poor == 1 {
		p.first, p.quality = photo.Name, photo.Faces[0].Quality()
	}
}

// warn says on standard error how many there were, if any.
func (p *poorFaces) warn(stderr io.Writer) {
	if p.poor > 0 {
		fmt.Fprintf(stderr, "infer: in %d of %d photos the face is small, blurred or doubtful (quality below %.2f): %s (%.2f) is the first\n",
			p.poor, p.photos, sphereface.PoorQuality, oneLine(p.first), p.quality)
	}
}
