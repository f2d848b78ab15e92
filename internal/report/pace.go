package report

import "time"

// window is how far back the rate looks: long enough for a steady figure, short
// enough to show that something slowed down.
const window = 30 * time.Second

// pace measures how fast a count grows.
type pace struct {
	marks []mark // oldest first
}

type mark struct {
	at   time.Time
	done int
}

// see notes the count. Marks are at least a thirtieth of the window apart, and the
// oldest one is the last that is older than the window.
func (p *pace) see(at time.Time, done int) {
	if n := len(p.marks); n > 1 && at.Sub(p.marks[n-2].at) < window/30 {
		p.marks[n-1] = mark{at, done}
	} else {
		p.marks = append(p.marks, mark{at, done})
	}
	for len(p.marks) > 2 && at.Sub(p.marks[1].at) >= window {
		p.marks = p.marks[1:]
	}
}

// rate is the count a second over the window; 0: not known yet.
func (p *pace) rate() float64 {
	if len(p.marks) < 2 {
		return 0
	}
	first, last := p.marks[0], p.marks[len(p.marks)-1]
	if d := last.at.Sub(first.at).Seconds(); d > 0 {
		return float64(last.done-first.done) / d
	}
	return 0
}
