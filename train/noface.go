package main

import (
	"fmt"
	"io"

	"github.com/sphereface-go/sphereface/internal/atomicfile"
)

// writeNoFace lists in the run directory the photos in which no face was found, a
// line each: what was done with it, a tab, and its path. It stands there and not in
// the cache's folder, as it is this run's config that says what is done.
func (s *session) writeNoFace() error {
	if len(s.faces.NoFace) == 0 {
		return nil
	}
	return atomicfile.Write(s.run.NoFace(), func(w io.Writer) error {
		for _, path := range s.faces.NoFace {
			if _, err := fmt.Fprintf(w, "%s\t%s\n", s.noFaceFate(), path); err != nil {
				return err
			}
		}
		return nil
	})
}

// noFaceFate is what the run does with a photo in which no face is found.
func (s *session) noFaceFate() string {
	if s.config.Data.NoFace == "skip" {
		return "left out"
	}
	return "fixed crop"
}

// describeNoFace says of how many photos that list is.
func (s *session) describeNoFace(w io.Writer) {
	if n := len(s.faces.NoFace); n > 0 {
		fmt.Fprintf(w, "no face found in %d of %d photos: %s, listed in %s\n", n, s.faces.Photos, s.noFaceFate(), s.run.NoFace())
	}
}

// leftOut says why people are left out.
func (s *session) leftOut() string {
	n, least := s.faces.LeftOut, s.config.Data.MinImages
	switch {
	case n == 0:
		return ""
	case least == 1: // the lists and folders have no such people
		return fmt.Sprintf(" (%d people with a face in none of their photos left out)", n)
	}
	return fmt.Sprintf(" (%d people with fewer than %d left out)", n, least)
}
