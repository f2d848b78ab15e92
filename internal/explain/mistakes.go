package explain

import (
	"fmt"
	"image"
	"image/draw"
	"image/png"
	"io"

	"github.com/sphereface-go/sphereface/internal/atomicfile"
	"github.com/sphereface-go/sphereface/internal/face"
)

// Mistake is a pair of a list that was judged wrong.
type Mistake struct {
	A, B                  face.Crop // complete
	NameA, NameB          string
	Same                  bool // whether they show the same person
	Similarity, Threshold float64
}

// The sheet of mistakes: cells with two crops beside each other, in pixels.
const (
	cellsPerRow = 5
	cellWidth   = 2*face.CropWidth + cellInner
	cellInner   = 4
	cellGap     = 24
	cellText    = 54 // two names and the similarity
	sheetWidth  = 2*margin + cellsPerRow*cellWidth + (cellsPerRow-1)*cellGap
	sheetTitle  = 44 // above the cells of a kind
)

// kind is one of the two ways to be wrong.
type kind struct {
	title    string
	total    int
	mistakes []Mistake
}

// DrawMistakes returns a sheet of the pairs of the same person that were taken for
// different people, and below of those of different people that were taken for one.
// rejected and accepted are how many there are in all: the mistakes may be a part of
// them, and are drawn in the order that they come in.
func DrawMistakes(mistakes []Mistake, rejected, accepted int) image.Image {
	kinds := []kind{
		{title: "The same person, judged different", total: rejected},
		{title: "Different people, judged the same", total: accepted},
	}
	for _, m := range mistakes {
		k := &kinds[1]
		if m.Same {
			k = &kinds[0]
		}
		k.mistakes = append(k.mistakes, m)
	}
	height := 2 * margin
	for _, k := range kinds {
		height += k.height()
	}
	c := newCanvas(sheetWidth, height-cellGap)
	y := margin
	for _, k := range kinds {
		k.draw(c, y)
		y += k.height()
	}
	return c.RGBA
}

func (k kind) height() int {
	rows := (len(k.mistakes) + cellsPerRow - 1) / cellsPerRow
	return sheetTitle + rows*(face.CropHeight+cellText+cellGap) + cellGap
}

func (k kind) draw(c canvas, y int) {
	title := fmt.Sprintf("%s: %d", k.title, k.total)
	if shown := len(k.mistakes); shown < k.total {
		title += fmt.Sprintf(", of which %d", shown)
	}
	c.text(point{margin, float64(y) + 20}, left, c.fonts.number, ink, title)
	for i, m := range k.mistakes {
		at := image.Pt(margin+i%cellsPerRow*(cellWidth+cellGap), y+sheetTitle+i/cellsPerRow*(face.CropHeight+cellText+cellGap))
		m.draw(c, at)
	}
}

func (m Mistake) draw(c canvas, at image.Point) {
	for i, crop := range []face.Crop{m.A, m.B} {
		corner := at.Add(image.Pt(i*(face.CropWidth+cellInner), 0))
		draw.Draw(c.RGBA, image.Rectangle{corner, corner.Add(image.Pt(face.CropWidth, face.CropHeight))}, crop.Image(), image.Point{}, draw.Src)
	}
	x, y := float64(at.X), float64(at.Y+face.CropHeight)
	for i, name := range []string{m.NameA, m.NameB} {
		c.text(point{x, y + 16 + 16*float64(i)}, left, c.fonts.tiny, muted, elide(c.fonts.tiny, name, cellWidth))
	}
	colour := red
	if m.Same {
		colour = faceBlue
	}
	c.text(point{x, y + 50}, left, c.fonts.strong, colour, fmt.Sprintf("%.3f", m.Similarity))
	c.text(point{x + cellWidth, y + 50}, right, c.fonts.tiny, muted, fmt.Sprintf("threshold %.3f", m.Threshold))
}

// WriteMistakes draws the sheet to a PNG file, which is replaced whole or not at all.
func WriteMistakes(path string, mistakes []Mistake, rejected, accepted int) error {
	img := DrawMistakes(mistakes, rejected, accepted)
	if err := atomicfile.Write(path, func(w io.Writer) error { return png.Encode(w, img) }); err != nil {
		return fmt.Errorf("explain: %w", err)
	}
	return nil
}
