package pico

import (
	"encoding/binary"
	"errors"
	"fmt"
	"math"
)

// reader reads the little-endian fields of a cascade file and remembers that it
// has come to its end too early, or that a number was none.
type reader struct {
	data []byte
	err  error
}

var errShort = errors.New("the file is cut short")

// take returns the next n bytes, or zeros if they are not there.
func (r *reader) take(n int) []byte {
	if !r.has(int64(n)) {
		return make([]byte, n)
	}
	piece := r.data[:n]
	r.data = r.data[n:]
	return piece
}

// has reports whether n bytes are left, before memory is taken for what they say.
func (r *reader) has(n int64) bool {
	if r.err == nil && n > int64(len(r.data)) {
		r.err = errShort
	}
	return r.err == nil
}

// count reads a number that must lie between 1 and most.
func (r *reader) count(name string, most uint32) int {
	n := binary.LittleEndian.Uint32(r.take(4))
	if r.err == nil && (n < 1 || n > most) {
		r.err = fmt.Errorf("%s %d: want 1 to %d", name, n, most)
	}
	if r.err != nil {
		return 1
	}
	return int(n)
}

func (r *reader) float(name string) float32 {
	v := math.Float32frombits(binary.LittleEndian.Uint32(r.take(4)))
	if r.err == nil && (v != v || math.IsInf(float64(v), 0)) {
		r.err = fmt.Errorf("%s %v: want a finite number", name, v)
	}
	return v
}

// part reads a number between two others.
func (r *reader) part(name string, least, most float32) float32 {
	v := r.float(name)
	if r.err == nil && (v < least || v > most) {
		r.err = fmt.Errorf("%s %v: want %v to %v", name, v, least, most)
	}
	return v
}

// nodes reads the nodes of a tree.
func (r *reader) nodes(dst []node) {
	for i := range dst {
		b := r.take(4)
		dst[i] = node{int8(b[0]), int8(b[1]), int8(b[2]), int8(b[3])}
	}
}

// end returns the first error, or one if data is left.
func (r *reader) end(what string) error {
	if r.err == nil && len(r.data) > 0 {
		r.err = fmt.Errorf("%d bytes too many", len(r.data))
	}
	if r.err != nil {
		return fmt.Errorf("pico: this is no cascade of a %s: %w", what, r.err)
	}
	return nil
}

// node compares two pixels, which lie so many 256ths of the window's side from
// its centre.
type node struct{ row1, col1, row2, col2 int8 }

// The largest cascades that are read: what is published has 468 trees of depth 6,
// and five stages of 20 trees of depth 10.
const (
	mostStages = 64
	mostTrees  = 4096
	mostDepth  = 12
)
