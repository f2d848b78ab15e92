package kernel

// sumBlock is the number of elements whose sum is taken in one go. It is a
// constant so that the result does not depend on the number of threads.
const sumBlock = 1 << 15

// maxSquares is how many sums the squares of any level are divided into.
const maxSquares = 32

// SumSquares returns the sum of the squares of all elements, summed in float64.
func (t *Team) SumSquares(x []float32) float64 {
	s := &t.squares
	blocks := (len(x) + sumBlock - 1) / sumBlock
	if len(s.blocks) < blocks {
		s.blocks = make([]blockSquares, blocks)
	}
	s.level, s.x = t.level, x
	t.run(blocks, 1, s)
	s.x = nil
	var sum float64
	for i := range s.blocks[:blocks] {
		sum += s.blocks[i].sum
	}
	return sum
}

type squares struct {
	level *level
	x     []float32
	// blocks is for the longest x so far.
	blocks []blockSquares
}

func (s *squares) do(from, to int) {
	for b := from; b < to; b++ {
		s.blocks[b].take(s.level, s.x[b*sumBlock:min((b+1)*sumBlock, len(s.x))])
	}
}

// blockSquares is the sum of squares of at most one block, and what the level
// divides it into.
type blockSquares struct {
	parts [maxSquares]float64
	sum   float64
}

func (b *blockSquares) take(l *level, x []float32) {
	clear(b.parts[:])
	whole := len(x) / l.squareStep * l.squareStep
	if whole > 0 {
		l.squares(&b.parts[0], &x[0], whole)
	}
	var sum float64
	for _, s := range b.parts {
		sum += s
	}
	for _, v := range x[whole:] {
		sum += float64(v) * float64(v)
	}
	b.sum = sum
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
