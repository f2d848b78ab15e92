package kernel

import (
	"fmt"
	"os"
	"slices"
	"strings"
)

// Variable is the environment variable that forces a level, by its name, for
// tests and reports of defects.
const Variable = "SPHEREFACE_KERNEL"

// level is one implementation of the arithmetic. All compute the same, but for
// the rounding of sums.
type level struct {
	name string

	rows, cols int // of a register block
	tile       func(*tile)
	dense      func(*tile) // takes tiles with aStep of a unit and bStep of a packed row
	gather     bool        // only with portableCols columns; see the type gathered

	// unit is how many numbers a unit of the tile holds, at least 1: one float32,
	// or a pair of bf16, which pairs and zip make. They make n pairs, a multiple
	// of vector: of numbers that follow each other, and of those at the same
	// place in low and in high.
	unit  int
	pairs func(dst, x *float32, n int)
	zip   func(dst, low, high *float32, n int)

	// The counts of the functions below are multiples of vector, dotStep and
	// squareStep; what is left is the portable functions'.
	vector       int
	activate     func(*activation)
	activateGrad func(*activationGrad)
	sgd          func(w, v, grad *float32, n int, rate, momentum, decay float32)
	add          func(y, a, b *float32, n int)
	dotStep      int
	dots         func(*dots)
	squareStep   int
	squares      func(sum *float64, x *float32, n int)
	transforms   transforms

	// peak does n rounds of peakFMAs multiply-adds that wait for nothing, the
	// measure of the benchmarks. The portable level has none.
	peak     func(n int)
	peakFMAs int
}

// portable runs everywhere.
var portable = &level{
	name: "portable",
	rows: portableRows, cols: portableCols, tile: tilePortable, dense: tileDensePortable, gather: true, unit: 1,
	vector:   1,
	activate: activatePortable, activateGrad: activateGradPortable, sgd: sgdPortable, add: addPortable,
	dotStep: 1, dots: dotsPortable,
	squareStep: 1, squares: squaresPortable,
	transforms: transformsPortable,
}

// best and levelErr are what the processor and the environment ask for.
var best, levelErr = choose(os.Getenv(Variable), levels())

// choose returns the level called name, or the last of those that the processor
// has. If there is none of that name, it returns that one and an error.
func choose(name string, have []*level) (*level, error) {
	last := have[len(have)-1]
	if name == "" {
		return last, nil
	}
	names := make([]string, len(have))
	for i, l := range have {
		if l.name == name {
			return l, nil
		}
		names[i] = l.name
	}
	if slices.Contains([]string{"portable", "avx2", "avx512"}, name) {
		return last, fmt.Errorf("kernel: %s=%s: this processor or build has no %[2]s, only %s: unset the variable or choose one of them", Variable, name, strings.Join(names, ", "))
	}
	return last, fmt.Errorf("kernel: %s=%s: there is no such level: unset the variable or choose one of %s", Variable, name, strings.Join(names, ", "))
}

// Level names the instructions that the kernels use: "avx512", "avx2" or
// "portable", which is plain Go.
func Level() string { return best.name }

// Describe says which level is in use, which there are, and how to force one.
func Describe() string {
	var names []string
	for _, l := range levels() {
		names = append(names, l.name)
	}
	return fmt.Sprintf("%s kernels (this processor has %s; %s=NAME forces one)", best.name, strings.Join(names, ", "), Variable)
}

// CheckLevel returns an error if the environment asks for a level that does not
// exist here. The kernels then use the best that does.
func CheckLevel() error { return levelErr }
