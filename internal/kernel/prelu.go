package kernel

// elementGrain is the number of elements below which a goroutine costs more
// than it saves.
const elementGrain = 1 << 14

// positive returns 1 if v > 0 and 0 elsewhere, also for NaN. The sign of an
// activation is next to random: an index costs less than a mispredicted branch.
func positive(v float32) int {
	i := 0
	if v > 0 {
		i = 1
	}
	return i & 1
}

// activationFactor returns what the PReLU of channel c multiplies by, to be
// indexed by positive. A nil slope is no PReLU.
func activationFactor(slope []float32, c int) [2]float32 {
	if slope == nil {
		return [2]float32{1, 1}
	}
	return [2]float32{slope[c], 1}
}

// PReLU computes y = x where x > 0 and slope·x elsewhere, one slope a channel
// (He et al., "Delving Deep into Rectifiers", 2015, equation 1). x and y are
// [n, len(slope), size], where size is the number of pixels of a map.
func PReLU(y, x, slope []float32, n, size, threads int) {
	mustLen("PReLU", "x", len(x), n*len(slope)*size)
	mustLen("PReLU", "y", len(y), len(x))
	maps := n * len(slope)
	split(threads, maps, elementGrain/size+1, func(from, to int) {
		for m := from; m < to; m++ {
			factor, out := activationFactor(slope, m%len(slope)), y[m*size:][:size]
			for i, v := range x[m*size:][:size] {
				out[i] = v * factor[positive(v)]
			}
		}
	})
}

// PReLUGrad computes the gradients of PReLU: dx as x, and dslope, the sum of
// dy·x where x is not positive. dx or dslope may be nil if it is not wanted.
func PReLUGrad(dx, dslope, dy, x, slope []float32, n, size, threads int) {
	mustLen("PReLU gradient", "x", len(x), n*len(slope)*size)
	mustLen("PReLU gradient", "dy", len(dy), len(x))
	mustLenOrNil("PReLU gradient", "dx", dx, len(x))
	mustLenOrNil("PReLU gradient", "dslope", dslope, len(slope))
	split(threads, len(slope), elementGrain/(n*size)+1, func(from, to int) {
		for c := from; c < to; c++ {
			var sum float64
			factor := activationFactor(slope, c)
			for i := range n {
				at := (i*len(slope) + c) * size
				var part float32
				g := dy[at:][:size]
				for j, v := range x[at:][:size] {
					d := g[j]
					part += d * min(v, 0)
					d *= factor[positive(v)]
					if dx != nil {
						dx[at+j] = d
					}
				}
				sum += float64(part)
			}
			if dslope != nil {
				dslope[c] = float32(sum)
			}
		}
	})
}

// Add computes y = a + b, element by element. y may be a or b.
func Add(y, a, b []float32, threads int) {
	mustLen("addition", "a", len(a), len(y))
	mustLen("addition", "b", len(b), len(y))
	split(threads, len(y), elementGrain, func(from, to int) {
		p, q, out := a[from:to], b[from:to], y[from:to]
		for i, v := range p {
			out[i] = v + q[i]
		}
	})
}
