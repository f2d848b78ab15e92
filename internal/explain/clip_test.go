package explain

import (
	"image"
	"math"
	"testing"
)

func TestCut(t *testing.T) {
	r := image.Rect(0, 0, 10, 20)
	for _, v := range []struct {
		p, q, from, to point
		ok             bool
	}{
		{point{1, 2}, point{3, 4}, point{1, 2}, point{3, 4}, true},
		{point{-5, 5}, point{15, 5}, point{0, 5}, point{10, 5}, true},
		{point{5, 30}, point{5, -10}, point{5, 20}, point{5, 0}, true},
		{point{-10, -10}, point{30, 30}, point{0, 0}, point{10, 10}, true},
		{point{-1, 0}, point{-1, 20}, point{}, point{}, false},
		{point{-5, 4}, point{4, -6}, point{}, point{}, false},
		{point{3, 3}, point{3, 3}, point{3, 3}, point{3, 3}, true},
		{point{math.NaN(), 3}, point{3, 3}, point{}, point{}, false},
		{point{3, 3}, point{3, math.Inf(1)}, point{}, point{}, false},
	} {
		from, to, ok := cut(v.p, v.q, r)
		if ok != v.ok || ok && (from != v.from || to != v.to) {
			t.Errorf("%v to %v: %v, %v, %v; want %v, %v, %v", v.p, v.q, from, to, ok, v.from, v.to, v.ok)
		}
	}
}
