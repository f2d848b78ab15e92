package kernel

// patchIndex finds the input of a convolution: which input element tap k of an
// output pixel reads. Tap k is (channel, row, column) of the kernel, in the
// order of the weights.
type patchIndex struct {
	shape        ConvShape
	outW, pixels int
	offset       []int   // of tap k from the pixel's first tap
	kh, kw       []int32 // row and column of tap k
	from, to     []int   // output columns [from, to) for which kernel column kw lies inside the image
}

func newPatchIndex(s ConvShape) *patchIndex {
	p := &patchIndex{shape: s, outW: s.OutW(), pixels: s.pixels()}
	for c := range s.C {
		for h := range s.Kernel {
			for w := range s.Kernel {
				p.offset = append(p.offset, (c*s.H+h)*s.W+w)
				p.kh = append(p.kh, int32(h))
				p.kw = append(p.kw, int32(w))
			}
		}
	}
	for w := range s.Kernel {
		// 0 <= ow*Stride + w - Pad < W
		from := 0
		if w < s.Pad {
			from = (s.Pad - w + s.Stride - 1) / s.Stride
		}
		to := 0
		if last := s.W - 1 + s.Pad - w; last >= 0 {
			to = min(p.outW, last/s.Stride+1)
		}
		p.from = append(p.from, min(from, to))
		p.to = append(p.to, to)
	}
	return p
}

// corner returns the row and column, possibly in the padding, of the first tap
// of an output pixel, and the image that it belongs to. Pixels are numbered
// through all images of the batch.
func (p *patchIndex) corner(pixel int) (image, h, w int) {
	image, at := pixel/p.pixels, pixel%p.pixels
	return image, at/p.outW*p.shape.Stride - p.shape.Pad, at%p.outW*p.shape.Stride - p.shape.Pad
}

// packPixels packs the patches of pixels [from, to) as column panels, summed
// dimension: taps.
func (p *patchIndex) packPixels(dst, x []float32, from, to int) {
	size := panelsLen(microCols, microCols, len(p.offset))
	for q := from; q < to; q += microCols {
		panel := dst[:size]
		dst = dst[size:]
		if n := len(p.offset); q+microCols > to || n%microStep != 0 {
			clear(panel[:])
		}
		for j := range min(microCols, to-q) {
			p.packPixel(panel[j*microStep:], x, q+j)
		}
	}
}

func (p *patchIndex) packPixel(dst, x []float32, pixel int) {
	s := p.shape
	image, h, w := p.corner(pixel)
	x = x[image*s.C*s.H*s.W:][:s.C*s.H*s.W]
	base := h*s.W + w
	if h >= 0 && w >= 0 && h+s.Kernel <= s.H && w+s.Kernel <= s.W {
		x = x[base:]
		for k := 0; k < len(p.offset); k += microStep {
			offset := p.offset[k:min(k+microStep, len(p.offset))]
			group := dst[k*microCols:][:len(offset)]
			for i, o := range offset {
				group[i] = x[o]
			}
		}
		return
	}
	for k := 0; k < len(p.offset); k += microStep {
		group := dst[k*microCols:][:min(microStep, len(p.offset)-k)]
		for i := range group {
			var v float32
			if uint(h+int(p.kh[k+i])) < uint(s.H) && uint(w+int(p.kw[k+i])) < uint(s.W) {
				v = x[base+p.offset[k+i]]
			}
			group[i] = v
		}
	}
}

// packTap packs what tap k of pixels [from, to) reads as one lane of a column
// panel, summed dimension: pixels. The lane must be zero beforehand where the
// pixels do not fill the last step.
func (p *patchIndex) packTap(dst, x []float32, k, from, to int) {
	s := p.shape
	kh, kw := int(p.kh[k]), int(p.kw[k])
	channel := k / (s.Kernel * s.Kernel)
	i := 0
	for q := from; q < to; {
		image, h, _ := p.corner(q)
		ow := q % p.outW
		n := min(p.outW-ow, to-q)
		a, b := ow, ow // the columns in [ow, ow+n) that lie inside the image
		if ih := h + kh; uint(ih) < uint(s.H) {
			a, b = clamp(p.from[kw], ow, ow+n), clamp(p.to[kw], ow, ow+n)
			i = zeroLane(dst, i, a-ow)
			if b > a {
				row := x[((image*s.C+channel)*s.H+ih)*s.W:][:s.W]
				i = copyLane(dst, i, row[a*s.Stride+kw-s.Pad:], s.Stride, b-a)
			}
			i = zeroLane(dst, i, ow+n-b)
		} else {
			i = zeroLane(dst, i, n)
		}
		q += n
	}
}

func clamp(v, low, high int) int { return max(low, min(v, high)) }

// zeroLane writes n zeros to a lane of a column panel from position i on and
// returns the position after them.
func zeroLane(dst []float32, i, n int) int {
	for end := i + n; i < end; {
		group := laneGroup(dst, i, end)
		clear(group)
		i += len(group)
	}
	return i
}

// copyLane is zeroLane for n elements of src that lie stride apart.
func copyLane(dst []float32, i int, src []float32, stride, n int) int {
	at := 0
	for end := i + n; i < end; {
		group := laneGroup(dst, i, end)
		for x := range group {
			group[x] = src[at]
			at += stride
		}
		i += len(group)
	}
	return i
}

// laneGroup returns the part of a column panel's lane that is contiguous from
// position i on, no further than to end.
func laneGroup(dst []float32, i, end int) []float32 {
	x := i % microStep
	return dst[i/microStep*colPanelStep+x:][:min(microStep-x, end-i)]
}

// addTap adds to the input's gradient what tap k of pixels [from, to) passes
// back. It is the transpose of packTap.
func (p *patchIndex) addTap(dx, grad []float32, k, from, to int) {
	s := p.shape
	kh, kw := int(p.kh[k]), int(p.kw[k])
	channel := k / (s.Kernel * s.Kernel)
	for q := from; q < to; {
		image, h, _ := p.corner(q)
		ow := q % p.outW
		n := min(p.outW-ow, to-q)
		if ih := h + kh; uint(ih) < uint(s.H) {
			a, b := clamp(p.from[kw], ow, ow+n), clamp(p.to[kw], ow, ow+n)
			if b > a {
				row := dx[((image*s.C+channel)*s.H+ih)*s.W:][:s.W]
				at := a*s.Stride + kw - s.Pad
				for _, v := range grad[a-ow : b-ow] {
					row[at] += v
					at += s.Stride
				}
			}
		}
		grad = grad[n:]
		q += n
	}
}
