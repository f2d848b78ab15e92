package pico

import "github.com/sphereface-go/sphereface/internal/kernel"

// lanes is how many ways to a point a level takes at a time at most.
const lanes = 16

// level is one implementation of what takes the time. All give the same, to the
// last bit.
type level struct {
	name  string
	votes func(*ballot)
	moves func(*step)
}

// portable runs everywhere.
var portable = level{"portable", votesPortable, movesPortable}

// best is the last level that there is, unless the kernels are held to plain Go.
var best = func() level {
	if kernel.Level() == portable.name {
		return portable
	}
	have := levels()
	return have[len(have)-1]
}()
