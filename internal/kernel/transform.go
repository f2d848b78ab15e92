package kernel

import (
	"math"
	"slices"
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

// transformPortable returns the transform in Go.
func transformPortable(m winograd.Matrix, add bool) func(*transform) {
	rows := make([]matrixRow, len(m))
	for i, row := range m {
		rows[i] = newMatrixRow(row)
	}
	cols := len(m[0])
	return func(t *transform) {
		var in, columns [winograd.Inputs]column
		for i := range in {
			in[i][nothing], columns[i][nothing] = minusZero, minusZero
		}
		for c := range t.channels {
			for k := range cols {
				for l := range cols {
					in[l][k] = *at(t.src, k*t.srcRow+l*t.srcCol, c)
				}
			}
			for l := range cols {
				for i := range rows {
					columns[i][l] = rows[i].product(&in[l])
				}
			}
			for i := range rows {
				for j := range rows {
					dst := at(t.dst, i*t.dstRow+j*t.dstCol, c)
					v := rows[j].product(&columns[i])
					if add {
						v += *dst
					}
					*dst = v
				}
			}
		}
	}
}

// column is one of a square. Its length is a power of two, so that an index
// modulo it needs no test, and its last element is −0, which changes no sum.
type column [8]float32

const nothing = uint(len(column{}) - 1)

var minusZero = float32(math.Copysign(0, -1))

// matrixRow is a row of a matrix: the elements that are not zero, five at most
// in all matrices, and nothing in the place of those that are missing.
//
// Their order is that in which the generated functions add the products: first
// comes the first 1, which makes no product, or else the first element that is
// positive. As there, what is zero is left out: its product with a value that is
// not finite would be no number, and spoil a sum that has no such term.
type matrixRow struct {
	at     [5]uint
	factor [5]float32
}

func newMatrixRow(row []float64) matrixRow {
	first := slices.Index(row, 1)
	if first < 0 {
		first = slices.IndexFunc(row, func(c float64) bool { return c > 0 })
	}
	m := matrixRow{at: [5]uint{uint(first), nothing, nothing, nothing, nothing}}
	m.factor[0] = float32(row[first])
	next := 1
	for i, c := range row {
		if i != first && c != 0 {
			m.at[next], m.factor[next] = uint(i), float32(c)
			next++
		}
	}
	return m
}

// product is that of the row and a column.
func (m *matrixRow) product(x *column) float32 {
	const n = uint(len(x))
	return m.factor[0]*x[m.at[0]%n] + m.factor[1]*x[m.at[1]%n] + m.factor[2]*x[m.at[2]%n] +
		m.factor[3]*x[m.at[3]%n] + m.factor[4]*x[m.at[4]%n]
}

// at is the i-th float from a place, in bytes, on.
func at(p *float32, place, i int) *float32 {
	return (*float32)(unsafe.Add(unsafe.Pointer(p), place+floatBytes*i))
}
