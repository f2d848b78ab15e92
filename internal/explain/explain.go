package explain

import (
	"fmt"
	"image"
	"image/png"
	"io"

	"github.com/sphereface-go/sphereface/internal/atomicfile"
	"github.com/sphereface-go/sphereface/internal/face"
)

// Photo is one of the two images of a comparison and what was made of it.
type Photo struct {
	Name    string        // of its file
	Image   image.Image   // upright, with bounds that may start anywhere
	Faces   []face.Face   // as Detect returned them
	Chosen  int           // index into Faces of the one that was compared, -1 if there was no detection
	Aligned bool          // the whole image was taken for a crop
	Corners [4][2]float64 // of the crop, in pixels from the upper left corner of the photo's area, as face.Transform.Quad returns them
	Crop    face.Crop     // complete: what the network saw
}

// chosen returns the face that was compared, if one was found.
func (p Photo) chosen() (face.Face, bool) {
	if p.Chosen < 0 || p.Chosen >= len(p.Faces) {
		return face.Face{}, false
	}
	return p.Faces[p.Chosen], true
}

// poor says whether the face that was compared should not be relied on.
func (p Photo) poor() bool {
	f, ok := p.chosen()
	return ok && !(f.Quality() >= face.PoorQuality)
}

// Draw returns the picture, 1200 pixels wide and as high as the photos need. The
// verdict is "same person" where the similarity is at least the threshold; both
// are cosines, and the picture says so if one of them is not a number.
//
// The same arguments give the same pixels on every run. Processors that fuse
// multiplications and additions, as arm64's do, may round a pixel otherwise.
func Draw(a, b Photo, similarity, threshold float64) image.Image {
	l := plan(a, b)
	c := newCanvas(pageWidth, l.height)
	r := result{similarity, threshold}
	r.drawHeadline(c, l.headline)
	l.left.draw(c, a, "A")
	l.right.draw(c, b, "B")
	drawLegend(c, l.legend, a, b)
	drawCrops(c, l.crops, a, b)
	r.drawScale(c, l.scale)
	return c.RGBA
}

// Write draws the picture to a PNG file, which is replaced whole or not at all.
func Write(path string, a, b Photo, similarity, threshold float64) error {
	img := Draw(a, b, similarity, threshold)
	if err := atomicfile.Write(path, func(w io.Writer) error { return png.Encode(w, img) }); err != nil {
		return fmt.Errorf("explain: %w", err)
	}
	return nil
}
