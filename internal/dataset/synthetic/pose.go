package synthetic

import (
	"math"

	"github.com/sphereface-go/sphereface/internal/face"
)

// vec is a point of the head: u to the right, v down, z towards the viewer.
type vec struct{ u, v, z float32 }

// A pose takes points of the head to pixels: a turn in space, then the similarity
// transform that aligns the face.
type pose struct {
	sinYaw, cosYaw     float32 // positive: the nose moves to the right
	sinPitch, cosPitch float32 // positive: the nose moves down
	a, b, x0, y0       float32 // x = a·u − b·v + x0, y = b·u + a·v + y0
}

const degree = math.Pi / 180

func newPose(r random, p *person, e *expression) pose {
	yaw, pitch := r.normal(13)*degree, r.normal(7)*degree
	var s pose
	s.sinYaw, s.cosYaw = sincos(yaw)
	s.sinPitch, s.cosPitch = sincos(pitch)

	var from [5][2]float64
	for i, q := range p.landmarks(e) {
		u, v := s.turn(q)
		from[i] = [2]float64{float64(u), float64(v)}
	}
	to := face.Template()
	fit, err := face.Similarity(from[:], to[:])
	if err != nil {
		panic(err) // the landmarks of a head never fall together
	}
	s.a, s.b, s.x0, s.y0 = float32(fit.A), float32(fit.B), float32(fit.TX), float32(fit.TY)

	// What the landmark detector of a photo gets wrong.
	roll, scale := r.normal(1.8)*degree, 1+r.normal(0.02)
	sin, cos := sincos(roll)
	const cx, cy = 48, 72
	x, y := s.x0-cx, s.y0-cy
	s.a, s.b = scale*(cos*s.a-sin*s.b), scale*(sin*s.a+cos*s.b)
	s.x0 = cx + scale*(cos*x-sin*y) + r.normal(0.9)
	s.y0 = cy + scale*(sin*x+cos*y) + r.normal(0.9)
	return s
}

func sincos(a float32) (sin, cos float32) {
	s, c := math.Sincos(float64(a))
	return float32(s), float32(c)
}

// turn is the orthographic view of a point of the turned head, in head units.
func (s *pose) turn(q vec) (u, v float32) {
	u = q.u*s.cosYaw + q.z*s.sinYaw
	z := q.z*s.cosYaw - q.u*s.sinYaw
	return u, q.v*s.cosPitch + z*s.sinPitch
}

// at is the pixel of a point of the head.
func (s *pose) at(q vec) (x, y float32) {
	u, v := s.turn(q)
	return s.a*u - s.b*v + s.x0, s.b*u + s.a*v + s.y0
}

// landmarks are the five points that an aligner would find: pupils, tip of the
// nose, corners of the mouth.
func (p *person) landmarks(e *expression) [5]vec {
	eye, tip := p.eyes.apart, vec{0, p.nose.length, 0}
	tip.z = p.head.depthAt(0, tip.v) + p.nose.height
	w, y := p.mouth.corner(e)
	on := func(u, v float32) vec { return vec{u, v, p.head.depthAt(u, v)} }
	return [5]vec{on(-eye, 0), on(eye, 0), tip, on(-w, y), on(w, y)}
}

// A frame is a plane with its own u and v, seen in the picture: the pixel of
// (u, v) is (x, y) + u·(ux, uy) + v·(vx, vy).
type frame struct{ x, y, ux, uy, vx, vy float32 }

// tangent is the plane that touches the head at (u, v), lifted by lift.
func (s *pose) tangent(h *head, u, v, lift float32) frame {
	const d = 1
	x, y := s.at(vec{u, v, h.depthAt(u, v) + lift})
	xu, yu := s.at(vec{u + d, v, h.depthAt(u+d, v) + lift})
	xd, yd := s.at(vec{u - d, v, h.depthAt(u-d, v) + lift})
	xv, yv := s.at(vec{u, v + d, h.depthAt(u, v+d) + lift})
	xw, yw := s.at(vec{u, v - d, h.depthAt(u, v-d) + lift})
	return frame{x, y, (xu - xd) / 2, (yu - yd) / 2, (xv - xw) / 2, (yv - yw) / 2}
}

// rotated is the frame turned by an angle about its origin.
func (f frame) rotated(angle float32) frame {
	s, c := sincos(angle)
	return frame{
		f.x, f.y,
		f.ux*c + f.vx*s, f.uy*c + f.vy*s,
		f.vx*c - f.ux*s, f.vy*c - f.uy*s,
	}
}

// pixels is the size of a unit of the frame in pixels.
func (f frame) pixels() float32 { return root(abs(f.ux*f.vy - f.uy*f.vx)) }

func root(v float32) float32 { return float32(math.Sqrt(float64(v))) }

func abs(v float32) float32 { return math.Float32frombits(math.Float32bits(v) &^ (1 << 31)) }
