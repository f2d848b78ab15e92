package kernel

// convBlocks divides a batch into blocks that are worked on at a time: some
// lines of one image, or some whole images.
type convBlocks struct {
	images   int // of a block, at most: a multiple of those that a unit of a sum holds
	rows     int // output lines of each image in a block, at most
	perImage int // blocks an image; 1 if a block holds whole images
	count    int
	workers  int
	parts    int // workers that share a block, each with channels of its own
}

// newConvBlocks finds blocks for a grid of one image, or of as many as are in a
// unit, which it never parts.
func newConvBlocks(s ConvShape, g grid, tileRows, workers, unit int) convBlocks {
	units := s
	units.N = (s.N + unit - 1) / unit
	b := divide(units, g, tileRows, workers)
	b.images *= unit
	return b.among(workers)
}

// among shares the blocks among that many workers.
func (b convBlocks) among(workers int) convBlocks {
	b.workers, b.parts = workers, max(1, workers/b.count)
	return b
}

// work returns the blocks [from, to) that are a worker's, and which of the
// parts of their channels.
func (b convBlocks) work(worker int) (from, to, part int) {
	groups := b.workers / b.parts
	group := worker / b.parts
	if group >= groups {
		return 0, 0, 0
	}
	return b.count * group / groups, b.count * (group + 1) / groups, worker % b.parts
}

// channels returns the part of n channels, in whole register blocks of cols,
// that belongs to a part.
func (b convBlocks) channels(part, n, cols int) (from, to int) {
	blocks := blocksOf(n, cols)
	return blocks * part / b.parts * cols, min(blocks*(part+1)/b.parts*cols, n)
}

// blockFloats is how many floats of padded input a block has at most, unless
// one line has more: 192 KiB, which leaves room for the weights in the
// second-level cache of current processors.
const blockFloats = 48 << 10

// divide finds blocks for a grid of one image. There are at least as many as
// threads where the shape allows it.
func divide(s ConvShape, g grid, tileRows, threads int) convBlocks {
	outH := s.OutH()
	if s.N >= threads && (g.image <= blockFloats || s.pixels() < fewPixels) {
		return wholeImages(s, g, tileRows, threads)
	}
	fit := max(1, (blockFloats/g.row-s.Kernel)/s.Stride+1)
	perImage := (outH + fit - 1) / fit
	if s.N*perImage < threads {
		perImage = min(outH, (threads+s.N-1)/s.N)
	}
	rows := (outH + perImage - 1) / perImage
	perImage = (outH + rows - 1) / rows
	return convBlocks{images: 1, rows: rows, perImage: perImage, count: s.N * perImage}
}

// fewPixels is the number of output pixels below which a block takes one more
// image: the sums of the weights' gradients, which run over the pixels, would be
// so short that beginning and ending them costs more than they do.
const fewPixels = 84

// wholeImages takes as many images as fit or as make enough pixels, or a few
// more if the pixels then fill the register blocks better.
func wholeImages(s ConvShape, g grid, tileRows, threads int) convBlocks {
	pixels := s.pixels()
	most := max(1, min(3*blockFloats/g.image, s.N/threads))
	images, waste := 1, 2.0
	for n := 1; n <= most; n++ {
		w := float64(roundUp(n*pixels, tileRows)) / float64(n*pixels)
		if w < waste-0.01 || (w <= waste && (n*g.image <= blockFloats || (n-1)*pixels < fewPixels)) {
			images, waste = n, w
		}
	}
	return convBlocks{images: images, rows: s.OutH(), perImage: 1, count: (s.N + images - 1) / images}
}

// convBlock is one block: output lines [row, row+rows) of images [image,
// image+images).
type convBlock struct{ image, images, row, rows int }

func (b convBlocks) at(i int, s ConvShape) convBlock {
	image, row := i/b.perImage*b.images, i%b.perImage*b.rows
	return convBlock{image, min(b.images, s.N-image), row, min(b.rows, s.OutH()-row)}
}

// last tells whether the block holds the last lines of its images.
func (b convBlock) last(s ConvShape) bool { return b.row+b.rows == s.OutH() }

// roundUp returns the smallest multiple of step that is not less than n.
func roundUp(n, step int) int { return (n + step - 1) / step * step }

// floorDiv is n/d, rounded down for negative n too.
func floorDiv(n, d int) int {
	if n < 0 {
		return -((-n + d - 1) / d)
	}
	return n / d
}
