package onnxgo

import (
	"fmt"
	"maps"
	"slices"
)

// attributes are the attributes of one node as onnx-go gives them: int64,
// float32, string, []int64 and so on. Every attribute must be one that the
// operator's reader asks for; ask for each, then call done.
type attributes struct {
	left map[string]any
	err  error // the first complaint
}

func newAttributes(m map[string]any) *attributes {
	return &attributes{left: maps.Clone(m)}
}

func (a *attributes) fail(format string, args ...any) {
	if a.err == nil {
		a.err = fmt.Errorf(format, args...)
	}
}

// take returns the attribute's value, or def if it is absent.
func take[T any](a *attributes, name string, def T) T {
	v, ok := a.left[name]
	if !ok {
		return def
	}
	delete(a.left, name)
	t, ok := v.(T)
	if !ok {
		a.fail("attribute %s is a %T, want %T", name, v, def)
		return def
	}
	return t
}

// want checks that the attribute, def where it is absent, has the one value
// that is supported.
func want[T comparable](a *attributes, name string, def, only T) {
	if v := take(a, name, def); v != only {
		a.fail("attribute %s is %v, only %v is supported", name, v, only)
	}
}

// square returns the common value of a list of n equal integers, as a square
// kernel has them.
func (a *attributes) square(name string, n int, def int64) int {
	list := take(a, name, slices.Repeat([]int64{def}, n))
	if len(list) != n {
		a.fail("attribute %s has %d values, want %d", name, len(list), n)
		return int(def)
	}
	for _, v := range list {
		if v != list[0] {
			a.fail("attribute %s is %v, only equal values are supported", name, list)
		}
	}
	return int(list[0])
}

// done returns the first complaint, or one about an attribute that nobody asked
// for.
func (a *attributes) done() error {
	for _, name := range slices.Sorted(maps.Keys(a.left)) {
		a.fail("attribute %s is not supported", name)
	}
	return a.err
}
