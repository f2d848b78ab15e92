package pico

import (
	_ "embed"
	"sync"
)

//go:embed cascades/facefinder
var faceFile []byte

//go:embed cascades/puploc
var pupilFile []byte

//go:embed cascades/lp93
var noseFile []byte

//go:embed cascades/lp84
var mouthFile []byte

// Faces returns the embedded cascade of faces.
var Faces = sync.OnceValue(func() *Finder { return must(ParseFinder(faceFile)) })

// Pupil returns the embedded cascade of a pupil.
var Pupil = sync.OnceValue(func() *Localizer { return must(ParseLocalizer(pupilFile)) })

// NoseTip returns the embedded cascade of the tip of the nose.
var NoseTip = sync.OnceValue(func() *Localizer { return must(ParseLocalizer(noseFile)) })

// MouthCorner returns the embedded cascade of the left corner of the mouth, as the
// viewer sees it; mirrored, it finds the right one.
var MouthCorner = sync.OnceValue(func() *Localizer { return must(ParseLocalizer(mouthFile)) })

// must returns what the program itself carries.
func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}
