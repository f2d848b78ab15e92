package kernel

import (
	"unsafe"

	"github.com/sphereface-go/sphereface/internal/kernel/winograd"
)

// transform is one of the linear maps of Winograd's algorithm, m·src·mᵀ, for
// each channel of a square of vectors:
//
//	dst[i][j][c] = Σ_k Σ_l m[i][k] · src[k][l][c] · m[j][l]
//
// The map of the filters' gradients adds to dst.
type transform struct {
	src, dst       *float32
	srcRow, srcCol int // from vector to vector, in bytes
	dstRow, dstCol int
	channels       int // a multiple of the level's vector
}

// transforms are a level's functions, one a matrix.
type transforms struct {
	input      func(*transform) // Bᵀ, 6×6 to 6×6
	filter     func(*transform) // G, 3×3 to 6×6
	result     func(*transform) // Aᵀ, 6×6 to 4×4
	resultGrad func(*transform) // A, 4×4 to 6×6
	filterGrad func(*transform) // Gᵀ, 6×6 to 3×3, added
}

var transformsPortable = transforms{
	input:      transformPortable(winograd.InputTransform(), false),
	filter:     transformPortable(winograd.FilterTransform(), false),
	result:     transformPortable(winograd.ResultTransform(), false),
	resultGrad: transformPortable(winograd.ResultTransform().Transposed(), false),
	filterGrad: transformPortable(winograd.FilterTransform().Transposed(), true),
}

// side is the longest side of a square.
const side = winograd.Inputs

// transformPortable returns the transform in Go.
func transformPortable(m winograd.Matrix, add bool) func(*transform) {
	var factors [side][side]float32
	for i, row := range m {
		for j, v := range row {
			factors[i][j] = float32(v)
		}
	}
	rows, cols := len(m), len(m[0])
	return func(t *transform) {
		var in, columns [side][side]float32
		for c := range t.channels {
			for k := range cols {
				for l := range cols {
					in[l][k] = *at(t.src, k*t.srcRow+l*t.srcCol, c)
				}
			}
			for l := range cols {
				for i := range rows {
					columns[i][l] = product6(&factors[i], &in[l])
				}
			}
			for i := range rows {
				for j := range rows {
					dst := at(t.dst, i*t.dstRow+j*t.dstCol, c)
					v := product6(&factors[j], &columns[i])
					if add {
						v += *dst
					}
					*dst = v
				}
			}
		}
	}
}

// product6 is the product of a row of a matrix, filled up with zeros, and a
// column.
func product6(m, x *[side]float32) float32 {
	return m[0]*x[0] + m[1]*x[1] + m[2]*x[2] + m[3]*x[3] + m[4]*x[4] + m[5]*x[5]
}

// at is the i-th float from a place, in bytes, on.
func at(p *float32, place, i int) *float32 {
	return (*float32)(unsafe.Add(unsafe.Pointer(p), place+floatBytes*i))
}
