package splitmix

import "testing"

// The first numbers of Vigna's reference implementation
// (https://prng.di.unimi.it/splitmix64.c) with the state 1234567.
func TestMix(t *testing.T) {
	want := []uint64{6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821}
	for i, w := range want {
		if got := Mix(1234567 + uint64(i+1)*Gamma); got != w {
			t.Errorf("number %d is %d, want %d", i+1, got, w)
		}
	}
	if got := Mix(0); got != 0 {
		t.Errorf("0 gives %d, want 0", got)
	}
}
