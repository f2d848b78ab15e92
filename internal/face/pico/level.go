package pico

import "os"

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

// variable is the environment variable that holds the kernels of internal/kernel to a
// level, for tests and reports of defects. This package knows one of them, "portable".
const variable = "SPHEREFACE_KERNEL"

// best is the last of the levels, or plain Go if the environment wants it.
var best = choose(os.Getenv(variable), levels())

func choose(wish string, have []level) level {
	if wish == portable.name {
		return portable
	}
	return have[len(have)-1]
}
