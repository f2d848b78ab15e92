package main

import (
	"os"
	"runtime/debug"
)

// garbageShare is what may pile up before it is collected, in percent of the
// memory in use. Go's default is as much again, which a run would reach: a step
// leaves nothing behind, so that nothing but the figures and the faces of a
// validation ever call for a collection. With so few objects one takes
// milliseconds.
const garbageShare = 25

// collectEarly keeps a run at batch 128 below 1 GiB, unless the user has set
// another share. Photos are aligned before it: they leave much behind.
func collectEarly() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(garbageShare)
	}
}
