package face

import (
	"cmp"
	"context"
	"image"
	"math"
	"slices"

	"github.com/sphereface-go/sphereface/internal/face/pico"
)

// What Detect looks for, at its scale: LFW's faces are 90 to 130 pixels wide.
const (
	detectSide  = 1024 // longer side of the image that is searched, at most
	detectFace  = 40   // side of the smallest window, in which the eyes are 14 pixels apart
	detectShift = 0.05 // from window to window
	detectScale = 1.1  // from size to size
	detectFrame = 0.25 // width of the frame, as a part of the shorter side
)

// Scores, which are sums over a face's windows. Of LFW's faces 95 of 100 have more
// than 130. What is no face has less than 30 in 90 of 100 photos that lie on their
// side or upside down, and hardly ever more than 90.
const (
	sure     = 130 // no other turn is tried
	probable = 30  // counts as a face
	possible = 10  // counts if there is nothing better
)

// try is a way to search: at these turns, in 16ths clockwise. Scores of unusual
// turns count less, as there are more of them than of upright faces.
type try struct {
	turns  []int
	framed bool // in a photo with a frame around it
	weight float64
	until  float64 // it is not needed if a face has this score already
}

// tries come one after the other: upright; heads turned by up to 60°; photos that
// lie on their side or upside down; faces that the photo's edge cuts.
func tries() []try {
	return []try{
		{turns: []int{0}, weight: 1, until: sure},
		{turns: []int{1, -1, 2, -2}, weight: 0.8, until: sure},
		{turns: []int{4, -4, 8}, weight: 0.6, until: sure},
		{turns: []int{0}, framed: true, weight: 0.8, until: probable},
	}
}

// Detect returns the faces in the photo, or none, the most prominent first: large
// and near the centre. The same photo gives the same faces, to the last bit, on
// every run and processor. The only error is that of a context that is done.
func Detect(ctx context.Context, img image.Image) ([]Face, error) {
	b := img.Bounds()
	if b.Empty() {
		return nil, nil
	}
	side := reducedBy(b.Dx(), b.Dy())
	brightness, err := luma(ctx, img, b, side)
	if err != nil {
		return nil, err
	}
	candidates, err := search(ctx, brightness)
	if err != nil {
		return nil, err
	}
	var faces []Face
	for _, c := range candidates {
		f, err := pointsOf(ctx, img, c.enlarged(float64(side)))
		if err != nil {
			return nil, err
		}
		f.Score = c.score
		if f.plausible() && f.inside(b.Size()) && (len(faces) == 0 || f.Quality() >= leastQuality) {
			faces = append(faces, f)
		}
	}
	sortByProminence(faces, b.Size())
	return faces, nil
}

// search returns the poses of faces in an image, the surest first.
func search(ctx context.Context, g pico.Gray) ([]candidate, error) {
	var found []candidate
	for _, t := range tries() {
		if len(found) > 0 && found[0].score >= t.until {
			continue
		}
		more, err := t.search(ctx, g)
		if err != nil {
			return nil, err
		}
		found = append(found, more...)
		slices.SortStableFunc(found, func(a, b candidate) int { return cmp.Compare(b.score, a.score) })
	}
	var kept []candidate
	for _, c := range found {
		if c.score < probable && len(kept) > 0 {
			break
		}
		// One face is found at several turns.
		if !slices.ContainsFunc(kept, func(k candidate) bool { return k.near(c.pose) }) {
			kept = append(kept, c)
		}
	}
	return kept, nil
}

// reducedBy is the side of the squares over which a photo is averaged before it is
// searched.
func reducedBy(w, h int) int { return (max(w, h) + detectSide - 1) / detectSide }

// smallest is the side of the smallest square around a face that is found in a
// photo of a size.
func smallest(w, h int) int { return detectFace * reducedBy(w, h) }

// candidate is a pose that the finder is so sure of.
type candidate struct {
	pose
	score float64
}

// search returns the possible faces that a try finds.
func (t try) search(ctx context.Context, g pico.Gray) ([]candidate, error) {
	frame := 0
	if t.framed {
		frame = int(detectFrame * float64(min(g.W, g.H)))
		g = g.Padded(frame)
	}
	var found []candidate
	for _, turn := range t.turns {
		finder := pico.Faces()
		dy, dx := direction(turn)
		if turn != 0 {
			finder = finder.Rotated(dy, dx)
		}
		windows, err := finder.Find(ctx, g, pico.Search{MinSize: detectFace, MaxSize: min(g.W, g.H), Shift: detectShift, Scale: detectScale})
		if err != nil {
			return nil, err
		}
		for _, w := range pico.Cluster(windows) {
			if score := w.Score * t.weight; score > possible {
				p := pose{w.Col - float64(frame), w.Row - float64(frame), w.Size, dx, dy}
				found = append(found, candidate{p, score})
			}
		}
	}
	return found, nil
}

// direction returns the sine and the cosine of a turn in 16ths. They decide bytes of a
// crop, and those of package math are not the same on every processor.
func direction(turn int) (sin, cos float64) {
	const (
		eighth      = 0.7071067811865476                      // of 45°
		small, long = 0.38268343236508977, 0.9238795325112867 // of 22.5°
	)
	sines := [16]float64{0, small, eighth, long, 1, long, eighth, small, 0, -small, -eighth, -long, -1, -long, -eighth, -small}
	return sines[turn&15], sines[(turn+4)&15]
}

// near says whether two poses are of one face: the centre of one is inside the
// other.
func (p pose) near(q pose) bool {
	return distance([2]float64{p.x, p.y}, [2]float64{q.x, q.y}) < max(p.side, q.side)/2
}

// enlarged is the pose in an image that was reduced by a factor.
func (p pose) enlarged(factor float64) pose {
	half := (factor - 1) / 2
	return pose{float64(p.x*factor) + half, float64(p.y*factor) + half, p.side * factor, p.dx, p.dy}
}

// leaning is the turn, as a sine, from which the points are looked for once more
// in a patch that is turned by it: the cascades know heads that lean a little.
const leaning = 0.15

// pointsOf looks for the points of a face that is about where the pose says.
func pointsOf(ctx context.Context, img image.Image, p pose) (Face, error) {
	t := p.transform()
	patch, err := cutPatch(ctx, img, t)
	if err != nil {
		return Face{}, err
	}
	points := locate(patch)
	if d := distance(points[0], points[1]); d > 0 {
		dx, dy := (points[1][0]-points[0][0])/d, (points[1][1]-points[0][1])/d
		if dx > 0 && math.Abs(dy) > leaning {
			p.dx, p.dy = float64(p.dx*dx)-float64(p.dy*dy), float64(p.dx*dy)+float64(p.dy*dx)
			t = p.transform()
			if patch, err = cutPatch(ctx, img, t); err != nil {
				return Face{}, err
			}
			points = locate(patch)
		}
	}
	f := Face{X: p.x, Y: p.y, Side: p.side, Sharpness: sharpness(patch)}
	inverse := t.Inverse()
	for i, q := range points {
		f.Points[i][0], f.Points[i][1] = inverse.Apply(q[0], q[1])
	}
	return f, nil
}
