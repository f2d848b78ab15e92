package kernel

import "time"

// Peak measures, for some eight milliseconds, how many multiply-adds a second
// the level in use can do at best on that many threads: in a loop whose
// operations wait for nothing. Cores that others use, or that heat slows down,
// slow it as they slow everything else. It is 0 at the portable level, which has
// no such loop.
func Peak(threads int) float64 { return best.peakSpeed(threads) }

func (l *level) peakSpeed(threads int) float64 {
	if l.peak == nil {
		return 0
	}
	const rounds = 1 << 22
	w := newWorkers(threads)
	start := time.Now()
	w.run(func(int) { l.peak(rounds) })
	return float64(rounds*l.peakFMAs*w.count) / time.Since(start).Seconds()
}
