package kernel

// Layout is the order of a tensor of images in memory.
type Layout int

const (
	// NCHW has the maps of an image one after another: PyTorch's and ONNX's.
	NCHW Layout = iota
	// NHWC has the channels of a pixel side by side, which the kernels need;
	// tensors in NCHW are rearranged on the way in and out.
	NHWC
)

func (l Layout) String() string {
	if l == NHWC {
		return "NHWC"
	}
	return "NCHW"
}

// ToNHWC rearranges n images from NCHW.
func (t *Team) ToNHWC(dst, src []float32, n, channels, size int) {
	t.rearrange(rearrangement{dst, src, channels, size, NHWC}, n)
}

// ToNCHW rearranges n images from NHWC.
func (t *Team) ToNCHW(dst, src []float32, n, channels, size int) {
	t.rearrange(rearrangement{dst, src, channels, size, NCHW}, n)
}

func (t *Team) rearrange(r rearrangement, n int) {
	mustLen("rearrangement", "src", len(r.src), n*r.channels*r.size)
	mustLen("rearrangement", "dst", len(r.dst), n*r.channels*r.size)
	t.images = r
	t.run(n, elementGrain/(r.channels*r.size)+1, &t.images)
	t.images = rearrangement{}
}

// rearrangement copies images of the other layout to the layout to.
type rearrangement struct {
	dst, src       []float32
	channels, size int
	to             Layout
}

func (r *rearrangement) do(from, to int) {
	for i := from; i < to; i++ {
		at := i * r.channels * r.size
		if r.to == NHWC {
			planesToPixels(r.dst[at:], r.channels, r.src[at:], r.size, r.channels, r.size)
		} else {
			pixelsToPlanes(r.dst[at:], r.size, r.src[at:], r.channels, r.channels, r.size)
		}
	}
}

// planeBlock is how many pixels are rearranged at a time, so that the lines of
// the cache that they share stay there.
const planeBlock = 32

// planesToPixels copies pixels [0, count) of planes that lie plane apart to
// pixels that lie pixel apart.
func planesToPixels(dst []float32, pixel int, src []float32, plane, channels, count int) {
	for from := 0; from < count; from += planeBlock {
		n := min(planeBlock, count-from)
		for c := range channels {
			at := from*pixel + c
			for _, v := range src[c*plane+from:][:n] {
				dst[at] = v
				at += pixel
			}
		}
	}
}

// pixelsToPlanes is the way back.
func pixelsToPlanes(dst []float32, plane int, src []float32, pixel, channels, count int) {
	for from := 0; from < count; from += planeBlock {
		n := min(planeBlock, count-from)
		for c := range channels {
			at := from*pixel + c
			out := dst[c*plane+from:][:n]
			for i := range out {
				out[i] = src[at]
				at += pixel
			}
		}
	}
}
