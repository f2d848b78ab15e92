package pico

import (
	"encoding/binary"
	"math"
	"runtime"
	"strings"
	"testing"
)

func parseFinder(data []byte) error { _, err := ParseFinder(data); return err }

func parseLocalizer(data []byte) error { _, err := ParseLocalizer(data); return err }

// cascades are all files that the tests have.
func cascades() map[string]struct {
	data  []byte
	parse func([]byte) error
} {
	type cascade = struct {
		data  []byte
		parse func([]byte) error
	}
	return map[string]cascade{
		"facefinder": {faceFile, parseFinder}, "small finder": {smallFinder(), parseFinder},
		"puploc": {pupilFile, parseLocalizer}, "lp93": {noseFile, parseLocalizer}, "lp84": {mouthFile, parseLocalizer},
		"small localizer": {smallLocalizer(), parseLocalizer},
	}
}

func checkLine(t *testing.T, err error, want string) {
	t.Helper()
	if err == nil {
		t.Fatal("no error")
	}
	if text := err.Error(); !strings.HasPrefix(text, "pico: this is no cascade of a ") || !strings.Contains(text, want) || strings.Contains(text, "\n") {
		t.Fatalf("error %q, want one line with %q", text, want)
	}
}

func TestCutShort(t *testing.T) {
	for name, c := range cascades() {
		if err := c.parse(c.data); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		// Every length of the small ones and of the header, then every 997th: the
		// lengths in between end in the same fields.
		for n := 0; n < len(c.data); n++ {
			if n > 1000 {
				n = min(n+996, len(c.data)-1)
			}
			checkLine(t, c.parse(c.data[:n]), "the file is cut short")
		}
	}
}

func TestTooLong(t *testing.T) {
	for _, c := range cascades() {
		checkLine(t, c.parse(append(c.data[:len(c.data):len(c.data)], 0, 0, 0)), "3 bytes too many")
	}
}

func TestWrongNumbers(t *testing.T) {
	set := func(data []byte, offset int, v uint32) []byte {
		binary.LittleEndian.PutUint32(data[offset:], v)
		return data
	}
	nan, inf := math.Float32bits(float32(math.NaN())), math.Float32bits(float32(math.Inf(-1)))
	for _, c := range []struct {
		name  string
		parse func([]byte) error
		data  []byte
		want  string
	}{
		{"no depth", parseFinder, set(smallFinder(), 8, 0), "depth 0: want 1 to 12"},
		{"great depth", parseFinder, set(smallFinder(), 8, 13), "depth 13: want 1 to 12"},
		{"no trees", parseFinder, set(smallFinder(), 12, 0), "number of trees 0: want 1 to 4096"},
		{"negative trees", parseFinder, set(smallFinder(), 12, 1<<31), "number of trees 2147483648: want 1 to 4096"},
		{"a tree more", parseFinder, set(smallFinder(), 12, 3), "the file is cut short"},
		{"a tree less", parseFinder, set(smallFinder(), 12, 1), "16 bytes too many"},
		{"leaf is no number", parseFinder, set(smallFinder(), 20, nan), "leaf NaN: want"},
		{"leaf is infinite", parseFinder, set(smallFinder(), 24, inf), "leaf -Inf: want"},
		{"threshold is no number", parseFinder, set(smallFinder(), 28, nan), "threshold NaN: want"},
		{"leaf is huge", parseFinder, set(smallFinder(), 20, math.Float32bits(3e38)), "leaf 3e+38: want -1.048576e+06 to 1.048576e+06"},
		{"threshold is huge", parseFinder, set(smallFinder(), 28, math.Float32bits(-3e38)), "threshold -3e+38: want"},
		{"no stages", parseLocalizer, set(smallLocalizer(), 0, 0), "number of stages 0: want 1 to 64"},
		{"many stages", parseLocalizer, set(smallLocalizer(), 0, 65), "number of stages 65: want 1 to 64"},
		{"factor is no number", parseLocalizer, set(smallLocalizer(), 4, nan), "factor of the surroundings NaN: want a finite number"},
		{"factor above 1", parseLocalizer, set(smallLocalizer(), 4, math.Float32bits(1.5)), "factor of the surroundings 1.5: want 0 to 1"},
		{"no trees", parseLocalizer, set(smallLocalizer(), 8, 0), "number of trees 0: want 1 to 4096"},
		{"no depth", parseLocalizer, set(smallLocalizer(), 12, 0), "depth 0: want 1 to 12"},
		{"move is no number", parseLocalizer, set(smallLocalizer(), 20, nan), "move NaN: want a finite number"},
		{"move is infinite", parseLocalizer, set(smallLocalizer(), 20, inf), "move -Inf: want a finite number"},
		{"far move", parseLocalizer, set(smallLocalizer(), 24, math.Float32bits(-3)), "move -3: want -2 to 2"},
	} {
		t.Run(c.name, func(t *testing.T) { checkLine(t, c.parse(c.data), c.want) })
	}
}

// A file that claims more than it has is refused before memory is taken for it.
func TestClaimsCostNothing(t *testing.T) {
	for name, parse := range map[string]func(){
		"finder":    func() { _ = parseFinder(file(1, 1, mostDepth, mostTrees, 0, 0)) },
		"localizer": func() { _ = parseLocalizer(file(mostStages, 0.5, mostTrees, mostDepth, 0, 0)) },
	} {
		if n := allocated(parse); n > 4096 {
			t.Errorf("%s: a file of 24 bytes takes %d bytes of memory", name, n)
		}
	}
}

// allocated returns the bytes that a function allocates, freed or not.
func allocated(f func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}
