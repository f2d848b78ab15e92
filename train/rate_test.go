package main

import (
	"bytes"
	"io"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/sphereface-go/sphereface/internal/checkpoint"
)

// TestRatesCountAllOfTheTime runs work of a single piece each: a clock that starts
// when the first piece is done shows a hundred thousand images a second and more.
// None of it can reach 20,000: a face takes the better part of a millisecond to
// draw, and more to be trained on.
func TestRatesCountAllOfTheTime(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	r := checkpoint.Run{Dir: dir}
	var shown bytes.Buffer
	if err := run(t.Context(), []string{"--config", writeConfig(t, tiny), "--run", dir, "--train.batch", "30"}, io.Discard, &shown); err != nil {
		t.Fatal(err)
	}
	if err := run(t.Context(), []string{"eval", "--run", dir, "--pairs", r.Pairs(), "--images", r.Faces()}, io.Discard, &shown); err != nil {
		t.Fatal(err)
	}
	for _, title := range []string{"preparing faces", "writing held-out faces", "epoch 1/2", "validation", "epoch 2/2", "embedding"} {
		_, rest, found := strings.Cut(shown.String(), title+": 100% ")
		m := rateShown.FindStringSubmatch(rest)
		if !found || m == nil {
			t.Errorf("no rate of %s in\n%s", title, &shown)
			continue
		}
		rate, err := strconv.ParseFloat(m[1], 64)
		if err != nil || rate > 20_000 {
			t.Errorf("%s: %s images/s (%v)", title, m[1], err)
		}
	}
}

var rateShown = regexp.MustCompile(`^\(\d+/\d+ images\), (\S+) images/s`)
