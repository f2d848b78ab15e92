package pico

import "golang.org/x/sys/cpu"

// levels are those of this processor, the best last.
func levels() []level {
	have := []level{portable}
	if cpu.X86.HasAVX2 {
		have = append(have, level{"avx2", votesVector, movesVector})
	}
	return have
}

// votesVector leaves trees of another depth than the published cascade's to plain Go.
func votesVector(b *ballot) {
	if b.depth != 6 {
		votesPortable(b)
		return
	}
	votesAVX2(b)
}

// movesVector does so with shallow trees: the assembly takes four levels for granted.
func movesVector(s *step) {
	if s.depth < 4 {
		movesPortable(s)
		return
	}
	movesAVX2(s)
}

//go:noescape
func votesAVX2(b *ballot)

//go:noescape
func movesAVX2(s *step)
