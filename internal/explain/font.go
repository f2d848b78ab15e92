package explain

import (
	"strings"
	"unicode"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/gomedium"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/opentype"
	"golang.org/x/image/math/fixed"
)

// fonts are the sizes of text that a picture uses. They hold buffers: each picture
// has its own.
type fonts struct {
	headline, number, name, body, strong, small, tiny font.Face
}

func newFonts() fonts {
	regular, medium, bold := parse(goregular.TTF), parse(gomedium.TTF), parse(gobold.TTF)
	return fonts{
		headline: sized(bold, 38),
		number:   sized(bold, 26),
		name:     sized(medium, 18),
		body:     sized(regular, 18),
		strong:   sized(bold, 15),
		small:    sized(regular, 15),
		tiny:     sized(regular, 12.5),
	}
}

func parse(ttf []byte) *opentype.Font {
	f, err := opentype.Parse(ttf)
	if err != nil {
		panic(err) // the font is part of the program
	}
	return f
}

// sized returns a face whose em has that many pixels.
func sized(f *opentype.Font, pixels float64) font.Face {
	face, err := opentype.NewFace(f, &opentype.FaceOptions{Size: pixels, DPI: 72, Hinting: font.HintingNone})
	if err != nil {
		panic(err) // the options are constants
	}
	return face
}

// width returns the width of a text in pixels.
func width(f font.Face, text string) float64 { return fromFixed(font.MeasureString(f, text)) }

func fromFixed(v fixed.Int26_6) float64 { return float64(v) / 64 }

func toFixed(v float64) fixed.Int26_6 { return fixed.Int26_6(v * 64) }

// elide returns a name that is at most so wide, with its middle left out if it is
// longer: its beginning and its end tell files apart. Characters that print
// nothing become replacement characters.
func elide(f font.Face, name string, most float64) string {
	runes := []rune(strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return unicode.ReplacementChar
		}
		return r
	}, name))
	if width(f, string(runes)) <= most {
		return string(runes)
	}
	short := func(n int) string {
		return string(runes[:(n+1)/2]) + "…" + string(runes[len(runes)-n/2:])
	}
	n, end := 0, len(runes)
	for n+1 < end { // short(n) fits or is the least there is, short(end) does not
		if middle := (n + end) / 2; width(f, short(middle)) <= most {
			n = middle
		} else {
			end = middle
		}
	}
	return short(n)
}
