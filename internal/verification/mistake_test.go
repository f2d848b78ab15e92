package verification

import (
	"reflect"
	"testing"
)

// At 10/32 fold 1 of worked loses the pair of 8, fold 2 takes the one of 10, fold 3
// loses that of 5.
func TestWrong(t *testing.T) {
	const at = 10. / 32
	got := Wrong(worked(), func(int) float64 { return at })
	if want := []Mistake{{1, at}, {6, at}, {9, at}}; !reflect.DeepEqual(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}
