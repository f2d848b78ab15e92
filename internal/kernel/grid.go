package kernel

// grid is the arrangement of a padded block of images in scratch memory, NHWC:
// the distances, in units of 4 bytes, from one pixel, line and image to the next.
type grid struct{ rows, cols, pixel, row, image int }

func newGrid(rows, cols, channels int) grid {
	g := grid{rows: rows, cols: cols, pixel: pixelPitch(channels)}
	g.row = cols * g.pixel
	g.image = rows * g.row
	return g
}

// pixelPitch is the distance of pixels with that many channels. Distances that
// are powers of two would put the pixels of a register block into the same few
// sets of the cache; one line of the cache more spreads them.
func pixelPitch(channels int) int {
	if channels%32 == 0 {
		return channels + 16
	}
	return channels
}

// place is where a pixel lies, in bytes.
func (g grid) place(image, row, col int) int {
	return floatBytes * (image*g.image + row*g.row + col*g.pixel)
}

// images describes a tensor of images of which a grid takes a part.
type images struct {
	data    []float32
	c, h, w int
	layout  Layout
}

// load fills the first lines of an image in dst with the image's from the given
// top left corner on, which may lie outside; what lies outside is zero.
func (g grid) load(dst []float32, m images, image, top, left, lines int) {
	data := m.data[image*m.c*m.h*m.w:][:m.c*m.h*m.w]
	from, to := min(max(0, -left), g.cols), max(0, min(g.cols, m.w-left)) // columns inside the image
	for r := range lines {
		line := dst[r*g.row:][:g.row]
		h := top + r
		if h < 0 || h >= m.h || from >= to {
			clear(line)
			continue
		}
		clear(line[:from*g.pixel])
		clear(line[to*g.pixel:])
		line = line[from*g.pixel : to*g.pixel]
		if m.layout == NCHW {
			planesToPixels(line, g.pixel, data[h*m.w+left+from:], m.h*m.w, m.c, to-from)
			continue
		}
		src := data[(h*m.w+left+from)*m.c:][:(to-from)*m.c]
		if g.pixel == m.c {
			copy(line, src)
			continue
		}
		for len(src) > 0 {
			copy(line, src[:m.c])
			src = src[m.c:]
			line = line[min(g.pixel, len(line)):]
		}
	}
}

// setRows changes the number of lines of an image.
func (g *grid) setRows(rows int) {
	g.rows = rows
	g.image = rows * g.row
}
