package kernel

// pointPlanes hold, for every point, a row of channels for every tile.
type pointPlanes struct {
	data         []float32
	pitch, plane int   // from tile to tile and from point to point, in floats
	tileAt       []int // places of the tiles, in bytes
}

func newPointPlanes(l *level, tiles, channels int) pointPlanes {
	const line, page = 16, 1024 // floats of a line of the cache, and between lines that share a set
	p := pointPlanes{pitch: roundUp(channels, l.cols) + line}
	// The 36 points of a tile are written one after the other: they must not
	// meet in the same set.
	p.plane = roundUp(tiles*p.pitch, page) + line
	for t := range tiles {
		p.tileAt = append(p.tileAt, floatBytes*t*p.pitch)
	}
	return p
}

// tilesOf is the number of a block's tiles.
func (c *Conv) tilesOf(b convBlock) int { return b.images * tiles(b.rows) * tiles(c.shape.OutW()) }
