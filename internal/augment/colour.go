package augment

// Colour changes the colours of a crop.
type Colour struct {
	Saturation float64 // factor on the distance from the pixel's grey; 0 leaves only that
	Contrast   float64 // factor on the distance from mid grey, after that
	Brightness float64 // added at last, of a range of 1
}

// none leaves every colour as it is.
var none = Colour{Saturation: 1, Contrast: 1}

// The weights of red, green and blue in a pixel's grey (ITU-R BT.601, as in PIL and
// OpenCV).
const redWeight, greenWeight, blueWeight = 0.299, 0.587, 0.114

// The network's input for the 8-bit values 0 and 255.
const darkest, lightest = -127.5 / 128, 127.5 / 128

// apply changes planes of the network's input. Colours that leave the range of
// 8-bit values are cut off there, as a camera does.
func (c Colour) apply(r, g, b []float32) {
	if c == none {
		return
	}
	// One matrix does it all: x' = own·x + common·grey + offset.
	own := float32(c.Contrast * c.Saturation)
	common := float32(c.Contrast * (1 - c.Saturation))
	offset := float32(2 * c.Brightness) // the input's range is 2
	g, b = g[:len(r)], b[:len(r)]
	for i := range r {
		// The conversions keep products and sums from being fused on some processors.
		grey := float32(redWeight*r[i]) + float32(greenWeight*g[i]) + float32(blueWeight*b[i])
		shared := float32(common*grey) + offset
		r[i] = clamp(float32(own*r[i]) + shared)
		g[i] = clamp(float32(own*g[i]) + shared)
		b[i] = clamp(float32(own*b[i]) + shared)
	}
}

func clamp(v float32) float32 { return min(max(v, darkest), lightest) }
