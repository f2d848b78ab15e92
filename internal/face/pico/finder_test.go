package pico

import (
	"context"
	"encoding/binary"
	"errors"
	"math"
	"slices"
	"testing"
)

// votes is the cascade of faces as the paper has it, read from the file and asked
// pixel by pixel: it shares no code with Finder.
func votes(data []byte, g Gray, row, col, size int) (float32, bool) {
	number := func(i int) uint32 { return binary.LittleEndian.Uint32(data[i:]) }
	depth, trees := int(number(8)), int(number(12))
	leaves := 1 << depth
	at := func(dr, dc byte) uint8 {
		r, c := (256*row+int(int8(dr))*size)>>8, (256*col+int(int8(dc))*size)>>8
		return g.Pix[r*g.W+c]
	}
	var sum, threshold float32
	for t := range trees {
		tree := data[16+t*8*leaves:]
		node := 1
		for range depth {
			n := tree[4*(node-1):]
			node *= 2
			if at(n[0], n[1]) <= at(n[2], n[3]) {
				node++
			}
		}
		sum += math.Float32frombits(binary.LittleEndian.Uint32(tree[4*(node-1):]))
		threshold = math.Float32frombits(binary.LittleEndian.Uint32(tree[4*(2*leaves-1):]))
		if sum <= threshold {
			return 0, false
		}
	}
	return sum - threshold, true
}

// everywhere is the search at every place, by the rules of the pigo project, in
// the order of sizes, rows and columns.
func everywhere(data []byte, g Gray, s Search) []Window {
	var found []Window
	for size := s.MinSize; size <= s.MaxSize; size = max(size+2, int(float64(size)*s.Scale)) {
		step := max(1, int(s.Shift*float64(size)))
		margin := (size+1)/2 + 1
		for row := margin; row <= g.H-margin; row += step {
			for col := margin; col <= g.W-margin; col += step {
				if score, ok := votes(data, g, row, col, size); ok {
					found = append(found, Window{float64(row), float64(col), float64(size), float64(score)})
				}
			}
		}
	}
	return found
}

// score is that of one window, and 0 if it shows no face.
func score(t *testing.T, f *Finder, g Gray, row, col, size int) float32 {
	t.Helper()
	_, sums, err := f.pass(t.Context(), g, size, []int32{int32(row*g.W + col)})
	if err != nil {
		t.Fatal(err)
	}
	if len(sums) == 0 {
		return 0
	}
	return sums[0]
}

func filter(windows []Window, keep func(Window) bool) []Window {
	return slices.DeleteFunc(windows, func(w Window) bool { return !keep(w) })
}

func TestSmallFinder(t *testing.T) {
	f, err := ParseFinder(smallFinder())
	if err != nil {
		t.Fatal(err)
	}
	// By hand: 1 + 0.5 − 0.25 where the upper half is darker and the left not
	// brighter; below the first threshold, −0.5, where it is brighter.
	g := Gray{Pix: make([]uint8, 32*32), W: 32, H: 32}
	for y := range 32 {
		for x := range 32 {
			g.Pix[y*32+x] = uint8(4 * y)
		}
	}
	if got := score(t, f, g, 16, 16, 16); got != 1.25 {
		t.Errorf("darker above: score %v, want 1.25", got)
	}
	for i, v := range g.Pix {
		g.Pix[i] = 255 - v
	}
	if got := score(t, f, g, 16, 16, 16); got != 0 {
		t.Errorf("brighter above: score %v, want 0", got)
	}
}

// Every score that Find gives is that of the slow search, bit for bit. It leaves
// out windows at the rim of a face, and none in the middle: its faces are the same
// but for less than half of the step from window to window and size to size.
func TestFindFindsWhatIsThere(t *testing.T) {
	faces := part(portrait(), 20, 100, 220, 240)
	small := resized(faces, 110, 120)
	// Two faces of different size on one image.
	both := Gray{Pix: make([]uint8, 220*360), W: 360, H: 220}
	for y := range 220 {
		copy(both.Pix[y*360:][:240], faces.Pix[y*240:])
		if y < 110 {
			copy(both.Pix[y*360+240:][:120], small.Pix[y*120:])
		}
	}
	for _, c := range []struct {
		name  string
		g     Gray
		s     Search
		faces int
	}{
		{"portrait", faces, Search{MinSize: 40, MaxSize: 220, Shift: 0.05, Scale: 1.1}, 1},
		{"dense", small, Search{MinSize: 40, MaxSize: 70, Shift: 0.02, Scale: 1.03}, 1},
		{"two", both, Search{MinSize: 36, MaxSize: 220, Shift: 0.05, Scale: 1.1}, 2},
		{"noise", noise(120, 120), Search{MinSize: 40, MaxSize: 120, Shift: 0.05, Scale: 1.1}, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			all := everywhere(faceFile, c.g, c.s)
			got, err := Faces().Find(t.Context(), c.g, c.s)
			if err != nil {
				t.Fatal(err)
			}
			i := 0
			for _, w := range got {
				for i < len(all) && all[i] != w {
					i++
				}
				if i == len(all) {
					t.Fatalf("window %+v is not among those of the slow search, or not in its place", w)
				}
			}
			sure := func(w Window) bool { return w.Score > 10 }
			want, faces := Cluster(all), Cluster(got)
			want, faces = filter(want, sure), filter(faces, sure)
			if len(want) != c.faces || len(faces) != c.faces {
				t.Fatalf("%d faces, the slow search finds %d, want %d", len(faces), len(want), c.faces)
			}
			for i, face := range want {
				for _, w := range all {
					middle := math.Abs(w.Row-face.Row) < nearbyPlace/2*w.Size && math.Abs(w.Col-face.Col) < nearbyPlace/2*w.Size &&
						w.Size < math.Sqrt(nearbySize)*face.Size && face.Size < math.Sqrt(nearbySize)*w.Size
					if middle && !slices.Contains(got, w) {
						t.Errorf("window %+v of face %+v is missing", w, face)
					}
				}
				d := math.Hypot(face.Row-faces[i].Row, face.Col-faces[i].Col) / face.Size
				if f := faces[i].Size / face.Size; d > c.s.Shift/2 || math.Abs(f-1) > (c.s.Scale-1)/2 {
					t.Errorf("face %+v, the slow search has it at %+v", faces[i], face)
				}
			}
			t.Logf("%d windows of %d", len(got), len(all))
		})
	}
}

// No window reads outside the image, whatever its turn and size: an image as small
// as the smallest window is searched, a smaller one is not.
func TestFindAtTheEdge(t *testing.T) {
	for turn := range 16 {
		f := Faces().Rotated(math.Sincos(float64(turn) * math.Pi / 8))
		for side := range 24 {
			s := Search{MinSize: 4, MaxSize: 24, Shift: 0.05, Scale: 1.1}
			for _, g := range []Gray{noise(side, 24), noise(24, side)} {
				if _, err := f.Find(t.Context(), g, s); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
}

func TestFindStops(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	windows, err := Faces().Find(ctx, portrait(), Search{MinSize: 40, MaxSize: 512, Shift: 0.05, Scale: 1.1})
	if !errors.Is(err, context.Canceled) || windows != nil {
		t.Errorf("%d windows, error %v; want none and that of the context", len(windows), err)
	}
}

func FuzzParseFinder(f *testing.F) {
	f.Add(smallFinder())
	f.Add(file(1, 1, 2, 1, [4]int8{-128, -128, 127, 127}, [4]int8{127, -128, -128, 127}, [4]int8{0, 0, 1, 1}, 1.0, 2.0, 3.0, 3e38, 0.5))
	f.Add(file(1, 1, 1, 2, [4]int8{}, 1e6, 1e6, -1e6, [4]int8{}, 1e6, 1e6, -1e6))
	f.Add(append(file(1, 1, 6, 3), faceFile[16:][:512*3]...))
	g := noise(40, 48)
	f.Fuzz(func(t *testing.T, data []byte) {
		var finder *Finder
		var err error
		// What is read is as large as the file, and a finder at most thrice.
		if n := allocated(func() { finder, err = ParseFinder(data) }); n > uint64(8*len(data)+1<<16) {
			t.Fatalf("a file of %d bytes takes %d bytes of memory", len(data), n)
		}
		if err != nil {
			checkLine(t, err, "")
			return
		}
		for _, angle := range []float64{0, 0.4, -math.Pi / 2} {
			windows, err := finder.Rotated(math.Sincos(angle)).Find(t.Context(), g, Search{MinSize: 20, MaxSize: 40, Shift: 0.1, Scale: 1.3})
			if err != nil {
				t.Fatal(err)
			}
			for _, w := range append(Cluster(windows), windows...) {
				if sum := w.Row + w.Col + w.Size + w.Score; math.IsNaN(sum) || math.IsInf(sum, 0) || w.Score <= 0 {
					t.Fatalf("window %+v", w)
				}
			}
		}
	})
}
