package kernel

// sumBlock is the number of elements whose sum is taken in one go. It is a
// constant so that the result does not depend on the number of threads.
const sumBlock = 1 << 15

// SumSquares returns the sum of the squares of all elements, summed in float64.
func SumSquares(x []float32, threads int) float64 { return best.sumSquares(x, threads) }

func (l *level) sumSquares(x []float32, threads int) float64 {
	blocks := (len(x) + sumBlock - 1) / sumBlock
	if blocks <= 1 {
		return l.blockSquares(x)
	}
	sums := make([]float64, blocks)
	split(threads, blocks, 1, func(from, to int) {
		for b := from; b < to; b++ {
			sums[b] = l.blockSquares(x[b*sumBlock : min((b+1)*sumBlock, len(x))])
		}
	})
	var sum float64
	for _, s := range sums {
		sum += s
	}
	return sum
}

// maxSquares is how many sums the squares of any level are divided into.
const maxSquares = 32

// blockSquares is the sum of squares of at most one block.
func (l *level) blockSquares(x []float32) float64 {
	var sums [maxSquares]float64
	whole := len(x) / l.squareStep * l.squareStep
	if whole > 0 {
		l.squares(&sums[0], &x[0], whole)
	}
	var sum float64
	for _, s := range sums {
		sum += s
	}
	for _, v := range x[whole:] {
		sum += float64(v) * float64(v)
	}
	return sum
}

func squaresPortable(sum *float64, x *float32, n int) {
	var s0, s1, s2, s3 float64
	rest := floatsAt(x, 0, n)
	for len(rest) >= 4 {
		a, b, c, d := float64(rest[0]), float64(rest[1]), float64(rest[2]), float64(rest[3])
		s0 += a * a
		s1 += b * b
		s2 += c * c
		s3 += d * d
		rest = rest[4:]
	}
	for _, v := range rest {
		s0 += float64(v) * float64(v)
	}
	*sum = (s0 + s1) + (s2 + s3)
}
