package main

import (
	. "github.com/mmcloughlin/avo/build"
	. "github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// forVectors writes a loop over n floats, a multiple of a vector and not 0: body
// gets the place of a vector in memory that a register points to.
func (s set) forVectors(n reg.Register, body func(place func(base reg.Register) Mem)) {
	at := GP64()
	SHLQ(Imm(2), n)
	XORQ(at, at)
	Label("vector")
	body(func(base reg.Register) Mem { return Mem{Base: base, Index: at, Scale: 1} })
	ADDQ(Imm(uint64(s.bytes)), at)
	CMPQ(at, n)
	JLT(LabelRef("vector"))
}

// sgd writes the update of the weights. Products and sums are rounded apart, as
// in Go: memory is what takes the time.
func (s set) sgd() {
	TEXT("sgd"+s.suffix, NOSPLIT, "func(w, v, grad *float32, n int, rate, momentum, decay float32)")
	w, v, grad := Load(Param("w"), GP64()), Load(Param("v"), GP64()), Load(Param("grad"), GP64())
	n := Load(Param("n"), GP64())
	rate, momentum, decay := s.vector(), s.vector(), s.vector()
	s.broadcast("rate", rate)
	s.broadcast("momentum", momentum)
	s.broadcast("decay", decay)
	s.forVectors(n, func(place func(reg.Register) Mem) {
		x, u, d := s.vector(), s.vector(), s.vector()
		VMOVUPS(place(w), x)
		VMULPS(decay, x, d)
		VADDPS(place(grad), d, d)
		VMULPS(place(v), momentum, u)
		VADDPS(d, u, u)
		VMOVUPS(u, place(v))
		VMULPS(rate, u, u)
		VSUBPS(u, x, x)
		VMOVUPS(x, place(w))
	})
	VZEROUPPER()
	RET()
}

// broadcast fills a vector with a parameter.
func (s set) broadcast(name string, v reg.VecVirtual) {
	p, err := Param(name).Resolve()
	if err != nil {
		panic(err)
	}
	VBROADCASTSS(p.Addr, v)
}

// add writes y = a + b.
func (s set) add() {
	TEXT("add"+s.suffix, NOSPLIT, "func(y, a, b *float32, n int)")
	y, a, b := Load(Param("y"), GP64()), Load(Param("a"), GP64()), Load(Param("b"), GP64())
	n := Load(Param("n"), GP64())
	s.forVectors(n, func(place func(reg.Register) Mem) {
		v := s.vector()
		VMOVUPS(place(a), v)
		VADDPS(place(b), v, v)
		VMOVUPS(v, place(y))
	})
	VZEROUPPER()
	RET()
}
