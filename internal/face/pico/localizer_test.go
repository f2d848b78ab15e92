package pico

import (
	"encoding/binary"
	"math"
	"slices"
	"testing"
)

// walk is the cascade of a point as the paper has it, from one start, read from
// the file and asked pixel by pixel. From the library of the pigo project it
// differs where Localizer says so: a position has the precision of a float64, and
// a pixel is the nearest one, not the one to the upper left.
func walk(data []byte, g Gray, row, col, size float64) (float64, float64) {
	number := func(i int) uint32 { return binary.LittleEndian.Uint32(data[i:]) }
	float := func(i int) float32 { return math.Float32frombits(number(i)) }
	stages, shrink, trees, depth := int(number(0)), float(4), int(number(8)), int(number(12))
	leaves := 1 << depth
	tree := 16
	for range stages {
		var dr, dc float32
		side := int(size + 0.5)
		at := func(r, c byte) uint8 {
			y, x := (256*int(row)+128+int(int8(r))*side)>>8, (256*int(col)+128+int(int8(c))*side)>>8
			return g.Pix[y*g.W+x]
		}
		for range trees {
			node := 1
			for range depth {
				n := data[tree+4*(node-1):]
				node *= 2
				if at(n[0], n[1]) > at(n[2], n[3]) {
					node++
				}
			}
			leaf := tree + 4*(leaves-1) + 8*(node-leaves)
			dr += float(leaf)
			dc += float(leaf + 4)
			tree += 4 * (3*leaves - 1)
		}
		row += float64(float64(dr) * size)
		col += float64(float64(dc) * size)
		size *= float64(shrink)
	}
	return row, col
}

func TestLocateIsTheCascade(t *testing.T) {
	g := portrait()
	for name, c := range map[string]struct {
		data  []byte
		point *Localizer
		guess Guess
	}{
		"pupil":       {pupilFile, Pupil(), Guess{104, 204, 27}},
		"other pupil": {pupilFile, Pupil(), Guess{104, 243, 27}},
		"nose":        {noseFile, NoseTip(), Guess{115, 218, 130}},
		"mouth":       {mouthFile, MouthCorner(), Guess{115, 218, 130}},
	} {
		for i := range 50 {
			guess := disturbed(c.guess, i)
			wantRow, wantCol := walk(c.data, g, guess.Row, guess.Col, guess.Size)
			if row, col := c.point.Locate(g, guess, 1); row != wantRow || col != wantCol {
				t.Fatalf("%s from %v: (%v, %v), want (%v, %v)", name, guess, row, col, wantRow, wantCol)
			}
		}
		// Several starts give the median of each coordinate.
		var rows, cols []float64
		for i := range 15 {
			guess := disturbed(c.guess, i)
			row, col := walk(c.data, g, guess.Row, guess.Col, guess.Size)
			rows, cols = append(rows, row), append(cols, col)
		}
		slices.Sort(rows)
		slices.Sort(cols)
		if row, col := c.point.Locate(g, c.guess, 15); row != rows[7] || col != cols[7] {
			t.Errorf("%s: (%v, %v), the median is (%v, %v)", name, row, col, rows[7], cols[7])
		}
	}
}

// The points of the portrait, read from it by eye, in pixels from its edges.
func TestLocateOnThePortrait(t *testing.T) {
	g := portrait()
	for _, c := range []struct {
		name       string
		point      *Localizer
		guess      Guess
		row, col   float64
		mirrorSide bool
	}{
		{"left pupil", Pupil(), Guess{104, 204, 27}, 100.9, 203.3, false},
		{"right pupil", Pupil(), Guess{104, 243, 27}, 103.6, 246.4, false},
		{"right pupil, mirrored", Pupil(), Guess{104, 243, 27}, 103.6, 246.4, true},
		{"nose tip", NoseTip(), Guess{115, 218, 130}, 126.7, 225, false},
		{"left corner of the mouth", MouthCorner(), Guess{115, 218, 130}, 140, 202.8, false},
		{"right corner of the mouth", MouthCorner(), Guess{115, 231, 130}, 140.6, 245.5, true},
	} {
		g, guess, want := g, c.guess, c.col
		if c.mirrorSide {
			g, guess.Col, want = g.Mirrored(), 512-guess.Col, 512-want
		}
		row, col := c.point.Locate(g, guess, 63)
		// A twelfth of the distance between the eyes.
		if d := math.Hypot(row-c.row, col-want); d > 3.6 {
			t.Errorf("%s: (%.1f, %.1f), want (%.1f, %.1f)", c.name, row, col, c.row, want)
		}
	}
}

// From any guess, also outside the image, the surroundings stay inside it, and so
// the place is at most one move of a stage away from there.
func TestLocateAtTheEdge(t *testing.T) {
	for name, l := range map[string]*Localizer{"pupil": Pupil(), "nose": NoseTip(), "mouth": MouthCorner()} {
		for _, g := range []Gray{part(portrait(), 60, 160, 120, 130), noise(8, 8), noise(9, 40), noise(33, 8)} {
			for _, row := range []float64{-1000, 0.3, float64(g.H) / 2, float64(g.H)} {
				for _, col := range []float64{0, float64(g.W) - 0.7, 1000} {
					for _, size := range []float64{0, 1, 20, 90, 5000} {
						r, c := l.Locate(g, Guess{row, col, size}, 3)
						if size <= float64(min(g.H, g.W)) && (r < 0 || c < 0 || r > float64(g.H) || c > float64(g.W)) {
							t.Errorf("%s in %d×%d from (%v, %v) size %v: (%v, %v) is outside", name, g.H, g.W, row, col, size, r, c)
						}
						if math.IsNaN(r+c) || math.IsInf(r+c, 0) {
							t.Fatalf("%s from (%v, %v) size %v: (%v, %v)", name, row, col, size, r, c)
						}
					}
				}
			}
		}
	}
}

func TestLocateIsRepeatable(t *testing.T) {
	g := portrait()
	row, col := Pupil().Locate(g, Guess{104, 204, 27}, 63)
	for range 5 {
		if r, c := Pupil().Locate(g, Guess{104, 204, 27}, 63); r != row || c != col {
			t.Fatalf("(%v, %v), before (%v, %v)", r, c, row, col)
		}
	}
}

// The starts fill their cube evenly: the first is the guess itself, none is
// outside, and each eighth of the cube has its share.
func TestStartsAreSpread(t *testing.T) {
	guess := Guess{Row: 100, Col: 200, Size: 40}
	if g := disturbed(guess, 0); g != guess {
		t.Errorf("the first start is %v, want the guess %v", g, guess)
	}
	var parts [8]int
	for i := range 800 {
		g := disturbed(guess, i)
		k := 0
		for j, d := range [3]float64{(g.Row - 100) / 40, (g.Col - 200) / 40, g.Size/40 - 1} {
			if math.Abs(d) > spread {
				t.Fatalf("start %d: %v is too far from the guess", i, g)
			}
			if d > 0 {
				k += 1 << j
			}
		}
		parts[k]++
	}
	for k, n := range parts {
		if n < 85 || n > 115 {
			t.Errorf("eighth %d has %d starts of 800, want 85 to 115", k, n)
		}
	}
}

func FuzzParseLocalizer(f *testing.F) {
	f.Add(smallLocalizer())
	f.Add(file(1, 1.0, 2, 1, [4]int8{-128, -128, 127, 127}, 2.0, -2.0, -2.0, 2.0, [4]int8{127, -128, -128, 127}, 2.0, 2.0, -2.0, -2.0))
	f.Add(append(file(1, 0.8, 1, 10), pupilFile[16:][:12284]...))
	images := []Gray{noise(8, 8), noise(20, 31)}
	f.Fuzz(func(t *testing.T, data []byte) {
		var l *Localizer
		var err error
		if n := allocated(func() { l, err = ParseLocalizer(data) }); n > uint64(4*len(data)+1<<16) {
			t.Fatalf("a file of %d bytes takes %d bytes of memory", len(data), n)
		}
		if err != nil {
			checkLine(t, err, "")
			return
		}
		for _, g := range images {
			for _, guess := range []Guess{{4, 4, 5}, {-10, 900, 100}, {3.5, 2, 0}} {
				row, col := l.Locate(g, guess, 3)
				if math.IsNaN(row+col) || math.IsInf(row+col, 0) {
					t.Fatalf("point (%v, %v)", row, col)
				}
			}
		}
	})
}
