package pico

import (
	"context"
	"math"
)

// Search says where to look for faces.
type Search struct {
	MinSize, MaxSize int     // side of the windows in pixels
	Shift            float64 // from window to window, as a part of the side
	Scale            float64 // from one size to the next, above 1
}

// next is the size after another.
func (s Search) next(size int) int { return max(size+2, int(float64(size)*s.Scale)) }

// Find returns the windows that show a face, many for each, in the order of their
// sizes, rows and columns. It looks twice: first at every second row and column
// of windows, then at all that lie near a cluster of what it found. That finds the
// faces that looking at all does in half of the time, and their sums of scores
// are 4 % less on average. The only error is that of a context that is done.
func (f *Finder) Find(ctx context.Context, g Gray, s Search) ([]Window, error) {
	first, err := f.look(ctx, g, s, 2, nil)
	if err != nil || len(first) == 0 {
		return nil, err
	}
	return f.look(ctx, g, s, 1, Cluster(first))
}

// look returns the windows of a search that pass, of every stride-th row and
// column, and if clusters are given those near one of them.
func (f *Finder) look(ctx context.Context, g Gray, s Search, stride int, clusters []Window) ([]Window, error) {
	var found []Window
	for size := s.MinSize; size <= s.MaxSize; size = s.next(size) {
		step := stride * max(1, int(s.Shift*float64(size)))
		margin := max(size/2, (f.reach*size+255)>>8) + 1
		if margin > g.H-margin || margin > g.W-margin {
			break
		}
		ofSize := nearSize(clusters, float64(size))
		var centres []int32
		for row := margin; row <= g.H-margin; row += step {
			for col := margin; col <= g.W-margin; col += step {
				w := Window{Row: float64(row), Col: float64(col), Size: float64(size)}
				if clusters == nil || w.near(ofSize) {
					centres = append(centres, int32(row*g.W+col))
				}
			}
		}
		centres, sums, err := f.pass(ctx, g, size, centres)
		if err != nil {
			return nil, err
		}
		for i, c := range centres {
			centre := int(c)
			found = append(found, Window{float64(centre / g.W), float64(centre % g.W), float64(size), float64(sums[i])})
		}
	}
	return found, nil
}

// Windows near a cluster differ from it by less than this: in place as a part of
// their side, and in size as a factor. Few of a face's differ by more.
const (
	nearbyPlace = 0.3
	nearbySize  = 1.4
)

// nearSize returns the clusters that windows of a size can be near to.
func nearSize(clusters []Window, size float64) []Window {
	var near []Window
	for _, c := range clusters {
		if size < nearbySize*c.Size && c.Size < nearbySize*size {
			near = append(near, c)
		}
	}
	return near
}

// near reports whether the window is near one of the clusters in place.
func (w Window) near(clusters []Window) bool {
	reach := nearbyPlace * w.Size
	for _, c := range clusters {
		if math.Abs(w.Row-c.Row) < reach && math.Abs(w.Col-c.Col) < reach {
			return true
		}
	}
	return false
}
