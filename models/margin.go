package models

import "math"

// Target replaces the cosine of the true class. It returns the margin's value
// at cos θ and its derivative with respect to cos θ; the logit is the value
// times the length of the embedding (its own, or [Head.FeatureScale]).
//
//	softmax, normalized  cos θ
//	asoftmax             (λ cos θ + ψ(θ)) / (1 + λ)
//	cosface              cos θ − m
//	arcface              cos(θ + m)
func (h Head) Target(cos, lambda float64) (value, derivative float64) {
	switch h.Kind {
	case ASoftmax:
		psi, dpsi := Psi(int(h.Margin), cos)
		return (lambda*cos + psi) / (1 + lambda), (lambda + dpsi) / (1 + lambda)
	case CosFace:
		return cos - h.Margin, 1
	case ArcFace:
		return arc(cos, h.Margin)
	}
	return cos, 1
}

// Psi is ψ(θ) = (−1)^k cos(mθ) − 2k for θ in [kπ/m, (k+1)π/m], as a function
// of cos θ, and its derivative with respect to cos θ: Liu et al. 2017, eq. 7.
// cos(mθ) is the Chebyshev polynomial T_m of cos θ, so nothing is singular at
// the poles. m is 1 to 4.
//
// The derivative is exact where ψ has one; at the borders between two k both
// sides are 0.
func Psi(m int, cos float64) (psi, derivative float64) {
	// Near ±1 rounding can carry a cosine a little past the end.
	c := min(max(cos, -1), 1)
	var t, dt float64
	switch m {
	case 1:
		t, dt = c, 1
	case 2:
		t, dt = 2*c*c-1, 4*c
	case 3:
		t, dt = (4*c*c-3)*c, 12*c*c-3
	case 4:
		t, dt = 8*c*c*(c*c-1)+1, (32*c*c-16)*c
	default:
		panic("models: Psi: m must be 1 to 4")
	}
	k := 0
	for k < m-1 && c < math.Cos(float64(k+1)*math.Pi/float64(m)) {
		k++
	}
	sign := 1.0
	if k%2 == 1 {
		sign = -1
	}
	return sign*t - 2*float64(k), sign * dt
}

// arcSineFloor keeps the derivative of cos(θ + m) finite at θ = 0 and π, where
// the one with respect to cos θ is not. At this angle, 0.06°, an embedding is
// on its class's column in all but the last digits of a float32 cosine.
const arcSineFloor = 1e-3

// arc is cos(θ + m) and its derivative with respect to cos θ. Where θ + m
// passes π it goes on as cos θ − m sin m, which keeps the logit falling with
// θ, as in the authors' implementation.
func arc(cos, m float64) (value, derivative float64) {
	c := min(max(cos, -1), 1)
	if c <= math.Cos(math.Pi-m) {
		return c - m*math.Sin(m), 1
	}
	sin := math.Sqrt(1 - c*c)
	return c*math.Cos(m) - sin*math.Sin(m), math.Cos(m) + c/max(sin, arcSineFloor)*math.Sin(m)
}
