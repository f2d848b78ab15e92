package ops

// Generation counts the changes of a graph's weights, so that operators which
// arrange them for the processor do so once and not at every run. The zero
// value is ready.
type Generation struct{ changes uint64 }

// Changed tells that weights have changed since the last run.
func (g *Generation) Changed() { g.changes++ }

// since tells whether there was a change since the one noted in seen, which it
// brings up to date. A nil Generation always says yes.
func (g *Generation) since(seen *uint64) bool {
	if g == nil {
		return true
	}
	now := g.changes + 1 // 0 is before the first run
	changed := *seen != now
	*seen = now
	return changed
}
