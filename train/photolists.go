package main

import (
	"fmt"
	"io"

	"github.com/sphereface-go/sphereface/internal/atomicfile"
	"github.com/sphereface-go/sphereface/internal/trainer"
)

// writePhotoLists lists in the run directory the photos in which no face was found,
// and those whose face is of poor quality, a line each: what was done with it, a tab,
// and its path. They stand there and not in the cache's folder, as it is this run's
// config that says what is done.
func (s *session) writePhotoLists() error {
	if err := writeList(s.run.NoFace(), s.noFaceFate(), s.faces.NoFace); err != nil {
		return err
	}
	return writeList(s.run.PoorFaces(), "used", s.faces.Poor)
}

func writeList(path, fate string, photos []string) error {
	if len(photos) == 0 {
		return nil
	}
	return atomicfile.Write(path, func(w io.Writer) error {
		for _, photo := range photos {
			if _, err := fmt.Fprintf(w, "%s\t%s\n", fate, photo); err != nil {
				return err
			}
		}
		return nil
	})
}

// noFaceFate is what the run does with a photo in which no face is found.
func (s *session) noFaceFate() string {
	if s.config.Data.NoFace == trainer.SkipNoFace {
		return "left out"
	}
	return "fixed crop"
}

// describePhotos says of how many photos those lists are.
func (s *session) describePhotos(w io.Writer) {
	if n := len(s.faces.NoFace); n > 0 {
		fmt.Fprintf(w, "no face found in %d of %d photos: %s, listed in %s\n", n, s.faces.Photos, s.noFaceFate(), s.run.NoFace())
	}
	if n := len(s.faces.Poor); n > 0 {
		fmt.Fprintf(w, "small, blurred or doubtful faces in %d of %d photos: used, listed in %s\n", n, s.faces.Photos, s.run.PoorFaces())
	}
}

// noFaceHint is for an error that may be due to photos that were left out.
func (s *session) noFaceHint() string {
	if n := len(s.faces.NoFace); n > 0 && s.config.Data.NoFace == trainer.SkipNoFace {
		return fmt.Sprintf(" (no face was found in %d of %d photos)", n, s.faces.Photos)
	}
	return ""
}

// leftOut says why people are left out.
func (s *session) leftOut() string {
	text := ""
	if n := s.faces.Excluded; n > 0 {
		text = fmt.Sprintf(" (%s of %s left out", people(n), s.config.Data.Exclude)
		if u := s.faces.Unknown; u > 0 {
			text += fmt.Sprintf("; %d more of its names are nobody's here", u)
		}
		text += ")"
	}
	n, least := s.faces.LeftOut, s.config.Data.MinImages
	switch {
	case n == 0:
	case least == 1: // the lists and folders have no such people
		text += fmt.Sprintf(" (%s with a face in no photo left out)", people(n))
	default:
		text += fmt.Sprintf(" (%s with fewer than %d left out)", people(n), least)
	}
	return text
}

func people(n int) string {
	if n == 1 {
		return "1 person"
	}
	return fmt.Sprintf("%d people", n)
}
