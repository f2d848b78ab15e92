package kernel

// convBlocks divides a batch into blocks that are worked on at a time: some
// lines of one image, or some whole images.
type convBlocks struct {
	images   int // of a block, at most
	rows     int // output lines of each image in a block, at most
	perImage int // blocks an image; 1 if a block holds whole images
	count    int
}

// blockFloats is how many floats of padded input a block has at most, unless
// one line has more: 192 KiB, which leaves room for the weights in the
// second-level cache of current processors.
const blockFloats = 48 << 10

// newConvBlocks finds blocks for a grid of one image. There are at least as
// many as threads where the shape allows it.
func newConvBlocks(s ConvShape, g grid, tileRows, threads int) convBlocks {
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
	if b.perImage == 1 {
		image := i * b.images
		return convBlock{image, min(b.images, s.N-image), 0, s.OutH()}
	}
	row := i % b.perImage * b.rows
	return convBlock{i / b.perImage, 1, row, min(b.rows, s.OutH()-row)}
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
