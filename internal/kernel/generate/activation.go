package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// activate writes the PReLU: see the type activation.
func (s set) activate() {
	TEXT("activate"+s.suffix, NOSPLIT, `func(a *struct{
	y, z, slope, skip *float32
	pixels, channels, stride, stream int
})`)
	a := Dereference(Param("a"))
	y, z := Load(a.Field("y"), GP64()), Load(a.Field("z"), GP64())
	slope, skip := Load(a.Field("slope"), GP64()), Load(a.Field("skip"), GP64())
	pixels, bytes := Load(a.Field("pixels"), GP64()), Load(a.Field("channels"), GP64())
	stride := Load(a.Field("stride"), GP64())
	SHLQ(Imm(2), bytes)
	zero := s.zero()

	at := GP64()
	loop := func(name string, skipped, streamed bool) {
		Label(name)
		XORQ(at, at)
		Label(name + "Channels")
		place := func(base reg.Register) Mem { return Mem{Base: base, Index: at, Scale: 1} }
		v := s.vector()
		VMOVUPS(place(z), v)
		if s.wide {
			negative := K()
			VCMPPS(Imm(notGreater), zero, v, negative)
			VMULPS(place(slope), v, negative, v)
		} else {
			positive, scaled := s.vector(), s.vector()
			VMULPS(place(slope), v, scaled)
			VCMPPS(Imm(greater), zero, v, positive)
			VBLENDVPS(positive, v, scaled, v)
		}
		if skipped {
			VADDPS(place(skip), v, v)
		}
		if streamed {
			VMOVNTPS(v, place(y))
		} else {
			VMOVUPS(v, place(y))
		}
		ADDQ(Imm(uint64(s.bytes)), at)
		CMPQ(at, bytes)
		JLT(LabelRef(name + "Channels"))
		ADDQ(stride, z)
		ADDQ(stride, y)
		if skipped {
			ADDQ(stride, skip)
		}
		DECQ(pixels)
		JNZ(LabelRef(name))
		if streamed {
			SFENCE()
		}
		VZEROUPPER()
		RET()
	}
	TESTQ(skip, skip)
	JNZ(LabelRef("skipped"))
	stream := Load(a.Field("stream"), GP64())
	TESTQ(stream, stream)
	JNZ(LabelRef("streamed"))
	loop("plain", false, false)
	loop("skipped", true, false)
	loop("streamed", false, true)
}

// activateGrad writes its gradient: see the type activationGrad.
func (s set) activateGrad() {
	TEXT("activateGrad"+s.suffix, NOSPLIT, `func(a *struct{
	dz, dy, z, slope, dslope, dbias *float32
	pixels, channels, stride, dzStride int
})`)
	a := Dereference(Param("a"))
	dz, dy, z := Load(a.Field("dz"), GP64()), Load(a.Field("dy"), GP64()), Load(a.Field("z"), GP64())
	slope := Load(a.Field("slope"), GP64())
	dslope, dbias := Load(a.Field("dslope"), GP64()), Load(a.Field("dbias"), GP64())
	pixels, bytes := Load(a.Field("pixels"), GP64()), Load(a.Field("channels"), GP64())
	stride, dzStride := Load(a.Field("stride"), GP64()), Load(a.Field("dzStride"), GP64())
	SHLQ(Imm(2), bytes)
	zero := s.zero()

	at := GP64()
	place := func(base reg.Register) Mem { return Mem{Base: base, Index: at, Scale: 1} }
	Label("pixel")
	XORQ(at, at)
	Label("channels")
	v, d, slopes := s.vector(), s.vector(), s.vector()
	VMOVUPS(place(z), v)
	VMOVUPS(place(dy), d)
	VMULPS(v, d, slopes)
	if s.wide {
		negative := K()
		VCMPPS(Imm(notGreater), zero, v, negative)
		VMULPS(place(slope), d, negative, d)
		sum := s.vector()
		VMOVUPS(place(dslope), sum)
		VADDPS(slopes, sum, negative, sum)
		VMOVUPS(sum, place(dslope))
	} else {
		positive, scaled := s.vector(), s.vector()
		VCMPPS(Imm(greater), zero, v, positive)
		VMULPS(place(slope), d, scaled)
		VBLENDVPS(positive, d, scaled, d)
		VANDNPS(slopes, positive, slopes)
		VADDPS(place(dslope), slopes, slopes)
		VMOVUPS(slopes, place(dslope))
	}
	VMOVUPS(d, place(dz))
	VADDPS(place(dbias), d, d)
	VMOVUPS(d, place(dbias))
	ADDQ(Imm(uint64(s.bytes)), at)
	CMPQ(at, bytes)
	JLT(LabelRef("channels"))
	ADDQ(stride, z)
	ADDQ(stride, dy)
	ADDQ(dzStride, dz)
	DECQ(pixels)
	JNZ(LabelRef("pixel"))
	VZEROUPPER()
	RET()
}
