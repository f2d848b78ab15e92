package face

// inputs holds the network's input for each 8-bit value.
var inputs = func() (table [256]float32) {
	for v := range table {
		table[v] = (float32(v) - PixelMean) * (1.0 / PixelScale)
	}
	return table
}()

// Tensor writes the network's input for the crop to dst: float32 planes in the
// order C, H, W with C = R, G, B, each value (v − PixelMean) / PixelScale; dst
// has CropSize elements. With mirror the columns run from right to left.
func (c Crop) Tensor(dst []float32, mirror bool) { c.ShiftedTensor(dst, 0, 0, mirror) }

// ShiftedTensor is Tensor of the crop moved by dx pixels to the right and dy
// down, and only then mirrored. The edge that comes free repeats the crop's
// outermost pixels. It makes no crop in between, because training does this to
// every image of every step.
func (c Crop) ShiftedTensor(dst []float32, dx, dy int, mirror bool) {
	const plane = CropHeight * CropWidth
	if len(c.Pix) != CropSize || len(dst) != CropSize {
		panic("face: Crop.Tensor: the crop and dst must have CropSize elements")
	}
	// At least one column stays in view, which is the one that an edge repeats.
	dx = max(1-CropWidth, min(dx, CropWidth-1))
	first, count := max(0, -dx), CropWidth-max(dx, -dx) // columns in view
	to := max(0, dx)                                    // where they go
	if mirror {
		to = CropWidth - count - to
	}
	for y := range CropHeight {
		from := max(0, min(y-dy, CropHeight-1))
		row := c.Pix[3*(from*CropWidth+first):][:3*count]
		r := dst[y*CropWidth:][:CropWidth]
		g := dst[plane+y*CropWidth:][:CropWidth]
		b := dst[2*plane+y*CropWidth:][:CropWidth]
		if mirror {
			spreadMirrored(r[to:][:count], g[to:], b[to:], row)
		} else {
			spread(r[to:][:count], g[to:], b[to:], row)
		}
		repeatEdges(r, to, count)
		repeatEdges(g, to, count)
		repeatEdges(b, to, count)
	}
}

// spread writes a row of len(r) pixels to its part of the three planes.
func spread(r, g, b []float32, row []uint8) {
	g, b = g[:len(r)], b[:len(r)]
	for x := range r {
		p := row[3*x:][:3]
		r[x], g[x], b[x] = inputs[p[0]], inputs[p[1]], inputs[p[2]]
	}
}

// spreadMirrored is spread from right to left.
func spreadMirrored(r, g, b []float32, row []uint8) {
	g, b = g[:len(r)], b[:len(r)]
	for x := range r {
		p := row[len(row)-3-3*x:][:3]
		r[x], g[x], b[x] = inputs[p[0]], inputs[p[1]], inputs[p[2]]
	}
}

// repeatEdges fills what is before and after the count values at position at.
func repeatEdges(row []float32, at, count int) {
	for x := range at {
		row[x] = row[at]
	}
	for x := at + count; x < len(row); x++ {
		row[x] = row[at+count-1]
	}
}
