package kernel

import (
	"math"
	"unsafe"
)

// activation is a PReLU of pixels with the channels of one lying together:
//
//	y[p][c] = prelu(z[p][c]) + skip[p][c],  prelu(z) = z if z > 0, else slope[c]·z
//
// It is written so that what is no number stays so, whatever the slope.
type activation struct {
	y, z, slope *float32
	skip        *float32 // nil: nothing is added
	pixels      int
	channels    int // a multiple of the level's vector
	stride      int // from pixel to pixel, in bytes
	// stream is 1 if y is to pass by the caches, which then keep what is used
	// again. It needs whole vectors at their own alignment, and no skip.
	stream int
}

func activatePortable(a *activation) {
	slope := unsafe.Slice(a.slope, a.channels)
	for p := range a.pixels {
		at := p * a.stride
		z := floatsAt(a.z, at, a.channels)
		y := floatsAt(a.y, at, a.channels)
		if a.skip == nil {
			for c, v := range z {
				y[c] = v * factor(v, slope[c])
			}
			continue
		}
		skip := floatsAt(a.skip, at, a.channels)
		for c, v := range z {
			y[c] = v*factor(v, slope[c]) + skip[c]
		}
	}
}

// activationGrad is the gradient of an activation:
//
//	dz = dy if z > 0, else slope·dy
//	dslope[c] += Σ_p dy·z where not z > 0
//	dbias[c] += Σ_p dz
type activationGrad struct {
	dz, dy, z, slope *float32
	dslope, dbias    *float32
	pixels, channels int
	stride, dzStride int // from pixel to pixel, in bytes: of dy and z, and of dz
}

func activateGradPortable(a *activationGrad) {
	slope := unsafe.Slice(a.slope, a.channels)
	dslope, dbias := unsafe.Slice(a.dslope, a.channels), unsafe.Slice(a.dbias, a.channels)
	for p := range a.pixels {
		z, dy := floatsAt(a.z, p*a.stride, a.channels), floatsAt(a.dy, p*a.stride, a.channels)
		dz := floatsAt(a.dz, p*a.dzStride, a.channels)
		for c, v := range z {
			d := dy[c] * factor(v, slope[c])
			dz[c] = d
			dbias[c] += d
			dslope[c] += where(!(v > 0), dy[c]*v)
		}
	}
}

// factor returns what a PReLU multiplies v by. The sign of an activation is
// next to random, and a branch on it would be guessed wrong half of the time:
// of integers, unlike floats, the compiler makes a conditional move.
func factor(v, slope float32) float32 {
	bits := math.Float32bits(slope)
	if v > 0 {
		bits = oneBits
	}
	return math.Float32frombits(bits)
}

const oneBits = 0x3f800000 // of float32(1)

// where returns v if the condition holds, else 0: also for a v that is infinite.
func where(condition bool, v float32) float32 {
	bits := math.Float32bits(v)
	if !condition {
		bits = 0
	}
	return math.Float32frombits(bits)
}

// floatsAt returns n floats that begin bytes after p.
func floatsAt(p *float32, bytes, n int) []float32 {
	return unsafe.Slice((*float32)(unsafe.Add(unsafe.Pointer(p), bytes)), n)
}

// runActivation activates the channels [first, last) of pixels that have
// channels each. With stream, y passes by the caches where it can.
func (l *level) runActivation(a *activation, y, z, skip, slope []float32, pixels, first, last, channels int, stream bool) {
	whole := first + (last-first)/l.vector*l.vector
	part := func(f func(*activation), from, to int) {
		if from == to {
			return
		}
		*a = activation{y: &y[from], z: &z[from], slope: &slope[from], pixels: pixels, channels: to - from, stride: floatBytes * channels}
		if skip != nil {
			a.skip = &skip[from]
		} else if bytes := floatBytes * l.vector; stream && uintptr(unsafe.Pointer(a.y))%uintptr(bytes) == 0 && a.stride%bytes == 0 {
			a.stream = 1
		}
		f(a)
	}
	part(l.activate, first, whole)
	part(activatePortable, whole, last)
}

// runActivationGrad takes dy of pixels back through an activation. dz has its
// pixels pitch apart.
func (l *level) runActivationGrad(a *activationGrad, dz, dy, z, slope, dslope, dbias []float32, pixels, channels, pitch int) {
	whole := channels / l.vector * l.vector
	part := func(f func(*activationGrad), from, to int) {
		if from == to {
			return
		}
		*a = activationGrad{
			dz: &dz[from], dy: &dy[from], z: &z[from], slope: &slope[from], dslope: &dslope[from], dbias: &dbias[from],
			pixels: pixels, channels: to - from, stride: floatBytes * channels, dzStride: floatBytes * pitch,
		}
		f(a)
	}
	part(l.activateGrad, 0, whole)
	part(activateGradPortable, whole, channels)
}
