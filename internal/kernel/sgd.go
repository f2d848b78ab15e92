package kernel

// SGDStep updates the weights w from their gradient g by stochastic gradient
// descent with momentum and weight decay, as PyTorch's torch.optim.SGD defines
// it: v = momentum·v + (g + decay·w), then w -= rate·v.
func SGDStep(w, v, g []float32, rate, momentum, decay float32, threads int) {
	mustLen("SGD step", "momentum", len(v), len(w))
	mustLen("SGD step", "gradient", len(g), len(w))
	split(threads, len(w), elementGrain, func(from, to int) {
		w, v, g := w[from:to], v[from:to], g[from:to]
		for i, x := range w {
			u := momentum*v[i] + (g[i] + decay*x)
			v[i] = u
			w[i] = x - rate*u
		}
	})
}

// Scale multiplies every element by a.
func Scale(x []float32, a float32, threads int) {
	split(threads, len(x), elementGrain, func(from, to int) {
		x := x[from:to]
		for i := range x {
			x[i] *= a
		}
	})
}

// sumBlock is the number of elements whose sum is taken in one go. It is a
// constant so that the result does not depend on the number of threads.
const sumBlock = 1 << 15

// SumSquares returns the sum of the squares of all elements, summed in float64.
func SumSquares(x []float32, threads int) float64 {
	blocks := (len(x) + sumBlock - 1) / sumBlock
	if blocks <= 1 {
		return sumSquares(x)
	}
	sums := make([]float64, blocks)
	split(threads, blocks, 1, func(from, to int) {
		for b := from; b < to; b++ {
			sums[b] = sumSquares(x[b*sumBlock : min((b+1)*sumBlock, len(x))])
		}
	})
	var sum float64
	for _, s := range sums {
		sum += s
	}
	return sum
}

func sumSquares(x []float32) float64 {
	var s0, s1, s2, s3 float64
	for len(x) >= 4 {
		a, b, c, d := float64(x[0]), float64(x[1]), float64(x[2]), float64(x[3])
		s0 += a * a
		s1 += b * b
		s2 += c * c
		s3 += d * d
		x = x[4:]
	}
	for _, v := range x {
		s0 += float64(v) * float64(v)
	}
	return (s0 + s1) + (s2 + s3)
}
