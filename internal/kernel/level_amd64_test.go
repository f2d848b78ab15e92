package kernel

import "testing"

// TestLevelSizes checks what the rest of the package takes for granted of a
// level's sizes, also of levels that this processor cannot run.
func TestLevelSizes(t *testing.T) {
	for _, l := range []*level{portable, avx2, avx512, avx512BF16} {
		if l.rows > maxRows || l.cols > maxCols {
			t.Errorf("%s: a register block of %d×%d, at most %d×%d", l.name, l.rows, l.cols, maxRows, maxCols)
		}
		if winogradSlice%l.rows != 0 {
			t.Errorf("%s: %d channels of a slice are no multiple of %d rows", l.name, winogradSlice, l.rows)
		}
		if winogradVector%l.vector != 0 {
			t.Errorf("%s: %d channels are no multiple of a vector of %d", l.name, winogradVector, l.vector)
		}
	}
}
