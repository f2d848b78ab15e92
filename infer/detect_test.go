package main

import (
	"encoding/json"
	"math"
	"path/filepath"
	"strings"
	"testing"
)

// A line of JSON for each photo. Its keys are a contract with scripts.
func TestDetect(t *testing.T) {
	two := scene(t, "two.jpg", 250, 200)
	code, stdout, stderr := infer(t, "detect", portrait, two)
	if code != 0 || stderr != "" {
		t.Fatalf("exit code %d, %s", code, stderr)
	}
	first, second, _ := strings.Cut(stdout, "\n")
	golden(t, "detect.json", first+"\n")
	var d detection
	if err := json.Unmarshal([]byte(second), &d); err != nil {
		t.Fatal(err)
	}
	if d.Path != two || d.Width != 450 || d.Height != 250 || len(d.Faces) != 2 {
		t.Fatalf("%+v", d)
	}
	// Where the scene has them: 1 and 0.8 times the portrait's, the second farther right.
	for i, scale := range []float64{1, 0.8} {
		f := d.Faces[i]
		x, y := (f.Box[0]+f.Box[2])/2, (f.Box[1]+f.Box[3])/2
		wantX, wantY := scale*125+250*float64(i), scale*113
		if math.Hypot(x-wantX, y-wantY) > 10 || math.Abs(f.EyeDistance-45*scale) > 3 {
			t.Errorf("face %d at %.0f, %.0f with eyes %.1f apart; want %.0f, %.0f and %.1f", i+1, x, y, f.EyeDistance, wantX, wantY, 45*scale)
		}
	}
}

// Photos without a face are no trouble, but no success either.
func TestDetectNone(t *testing.T) {
	wall := plain(t, "wall.png", red, 96, 112)
	code, stdout, stderr := infer(t, "detect", portrait, wall)
	if want := `{"path":"` + wall + `","width":96,"height":112,"faces":[]}` + "\n"; code != exitDifferent || !strings.HasSuffix(stdout, want) || stderr != "" {
		t.Errorf("exit code %d, %q, %q", code, stdout, stderr)
	}
}

func TestDetectErrors(t *testing.T) {
	trouble(t, "detect takes images or folders, got none", "detect")
	trouble(t, "none.jpg: no such file or folder", "detect", "none.jpg")
	trouble(t, "text.jpg: not an image", "detect", write(t, "text.jpg", []byte("this is text")))
	trouble(t, "unknown flag: --model", "detect", "--model", "x", portrait)
	// What comes before is given out.
	dir := t.TempDir()
	plain(t, filepath.Join(dir, "a.png"), red, 100, 100)
	code, stdout, _ := infer(t, "detect", dir, write(t, "text.jpg", []byte("this is text")))
	if code != exitTrouble || strings.Count(stdout, "\n") != 1 {
		t.Errorf("exit code %d, %q", code, stdout)
	}
}
