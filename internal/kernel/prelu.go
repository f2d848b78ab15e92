package kernel

// PReLU computes y = x where x > 0 and slope·x elsewhere, one slope a channel
// (He et al., "Delving Deep into Rectifiers", 2015, equation 1). x and y are
// [n, len(slope), size], where size is the number of pixels of a map.
func PReLU(y, x, slope []float32, n, size, threads int) {
	mustLen("PReLU", "x", len(x), n*len(slope)*size)
	mustLen("PReLU", "y", len(y), len(x))
	maps := n * len(slope)
	split(threads, maps, elementGrain/size+1, func(from, to int) {
		for m := from; m < to; m++ {
			slope, out := slope[m%len(slope)], y[m*size:][:size]
			for i, v := range x[m*size:][:size] {
				out[i] = v * factor(v, slope)
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
			for i := range n {
				at := (i*len(slope) + c) * size
				var part float32
				g := dy[at:][:size]
				for j, v := range x[at:][:size] {
					d := g[j]
					part += where(!(v > 0), d*v)
					d *= factor(v, slope[c])
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
