// Package winograd holds the matrices of the minimal filtering algorithm F(4×4,
// 3×3), which makes a tile of 4×4 results of a 3×3 convolution with stride 1
// from 36 products in place of 144:
//
//	Y = Aᵀ·[(G·g·Gᵀ) ⊙ (Bᵀ·d·B)]·A
//
// g is the 3×3 filter, d the 6×6 tile of the input, Y the tile of results and ⊙
// the product element by element (Winograd, "Arithmetic Complexity of
// Computations", 1980; for convolutional networks: Lavin and Gray, "Fast
// Algorithms for Convolutional Neural Networks", 2016, equation 8).
//
// The three are those of Toom and Cook for the points 0, 1, −1, 1/2, −2 and
// infinity. In float32 the more common points ±2 lose half as much again
// (Barabasz and others, "Error Analysis and Improving the Accuracy of Winograd
// Convolution for Deep Neural Networks", 2020, say why).
package winograd

// Sides of a tile of results, of the filter, and of a tile of the input.
const (
	Results = 4
	Taps    = 3
	Inputs  = Results + Taps - 1
)

// BiasPoint is the row and the column of the point 1. Aᵀ has nothing but ones in
// that column: what is added to the product there is added to every result.
const BiasPoint = 1

// Matrix is a small matrix, row by row.
type Matrix [][]float64

// InputTransform is Bᵀ.
func InputTransform() Matrix {
	return Matrix{
		{1, -1.5, -2, 1.5, 1, 0},
		{0, -1, 0.5, 2.5, 1, 0},
		{0, 1, -2.5, 0.5, 1, 0},
		{0, 2, 1, -2, -1, 0},
		{0, 0.5, -1, -0.5, 1, 0},
		{0, 1, -1.5, -2, 1.5, 1},
	}
}

// FilterTransform is G.
func FilterTransform() Matrix {
	return Matrix{
		{1, 0, 0},
		{1.0 / 3, 1.0 / 3, 1.0 / 3},
		{-1.0 / 3, 1.0 / 3, -1.0 / 3},
		{16.0 / 15, 8.0 / 15, 4.0 / 15},
		{1.0 / 15, -2.0 / 15, 4.0 / 15},
		{0, 0, 1},
	}
}

// ResultTransform is Aᵀ.
func ResultTransform() Matrix {
	return Matrix{
		{1, 1, 1, 1, 1, 0},
		{0, 1, -1, 1.0 / 2, -2, 0},
		{0, 1, 1, 1.0 / 4, 4, 0},
		{0, 1, -1, 1.0 / 8, -8, 1},
	}
}

// Transposed returns mᵀ.
func (m Matrix) Transposed() Matrix {
	t := make(Matrix, len(m[0]))
	for i := range t {
		for _, row := range m {
			t[i] = append(t[i], row[i])
		}
	}
	return t
}
