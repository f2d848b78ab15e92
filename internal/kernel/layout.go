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
func ToNHWC(dst, src []float32, n, channels, size, threads int) {
	mustLen("rearrangement", "src", len(src), n*channels*size)
	mustLen("rearrangement", "dst", len(dst), n*channels*size)
	split(threads, n, elementGrain/(channels*size)+1, func(from, to int) {
		for i := from; i < to; i++ {
			planesToPixels(dst[i*channels*size:], channels, src[i*channels*size:], size, channels, size)
		}
	})
}

// ToNCHW rearranges n images from NHWC.
func ToNCHW(dst, src []float32, n, channels, size, threads int) {
	mustLen("rearrangement", "src", len(src), n*channels*size)
	mustLen("rearrangement", "dst", len(dst), n*channels*size)
	split(threads, n, elementGrain/(channels*size)+1, func(from, to int) {
		for i := from; i < to; i++ {
			pixelsToPlanes(dst[i*channels*size:], size, src[i*channels*size:], channels, channels, size)
		}
	})
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
