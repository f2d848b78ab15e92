package main

import (
	"bytes"
	"encoding/json"
	"image"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/sphereface-go/sphereface"
	"github.com/sphereface-go/sphereface/internal/face"
)

// detecting is the colour model as one that was trained with a detector.
func detecting(t testing.TB) string {
	c := contract("sphereface4", 3)
	c.Alignment = string(face.AlignDetect)
	return colourModel(t, face.CropHeight, face.CropWidth, metadata(c))
}

// verdictOf reads the JSON of verify.
func verdictOf(t *testing.T, stdout string) (v struct {
	Verified   bool
	Similarity float64
	Images     []struct {
		Face      int
		Alignment string
		Crop      [4][2]float64
		Faces     []foundFace
	}
	Pairs []struct {
		A, B       int
		Similarity float64
		Verified   bool
	}
},
) {
	t.Helper()
	if err := json.Unmarshal([]byte(stdout), &v); err != nil {
		t.Fatalf("%v in %q", err, stdout)
	}
	return v
}

// Of several faces the most prominent is compared, and their number is told.
func TestVerifySeveralFaces(t *testing.T) {
	model := detecting(t)
	one, two := scene(t, "one.jpg", 250), scene(t, "two.jpg", 250, 200)
	code, stdout, stderr := infer(t, "verify", "--model", model, one, two)
	if code != exitSame || !strings.HasPrefix(stdout, "same person: similarity ") || strings.Count(stdout, "\n") != 1 {
		t.Errorf("exit code %d, %q", code, stdout)
	}
	if want := "infer: " + two + ": 2 faces; the most prominent is compared, --face N takes another one and --all all\n"; stderr != want {
		t.Errorf("standard error %q, want %q", stderr, want)
	}
	// JSON says it all, and standard error nothing.
	code, stdout, stderr = infer(t, "verify", "--json", "--model", model, one, two)
	v := verdictOf(t, stdout)
	if code != exitSame || stderr != "" || v.Images[0].Face != 1 || len(v.Images[0].Faces) != 1 || v.Images[1].Face != 1 || len(v.Images[1].Faces) != 2 || v.Pairs != nil {
		t.Errorf("exit code %d, %q, %+v", code, stderr, v)
	}
}

func TestVerifyFace(t *testing.T) {
	model := detecting(t)
	one, two := scene(t, "one.jpg", 250), scene(t, "two.jpg", 250, 200)
	for _, c := range []struct {
		value string
		a, b  int
	}{{"1", 1, 1}, {"1,2", 1, 2}} {
		code, stdout, stderr := infer(t, "verify", "--json", "--model", model, "--face", c.value, one, two)
		if code != exitSame || stderr != "" {
			t.Fatalf("--face %s: exit code %d, %s", c.value, code, stderr)
		}
		v := verdictOf(t, stdout)
		if v.Images[0].Face != c.a || v.Images[1].Face != c.b {
			t.Errorf("--face %s compares %d and %d", c.value, v.Images[0].Face, v.Images[1].Face)
		}
		// The crop is that of the face: its middle lies in the face's box.
		corners, box := v.Images[1].Crop, v.Images[1].Faces[c.b-1].Box
		x, y := (corners[0][0]+corners[2][0])/2, (corners[0][1]+corners[2][1])/2
		if x < box[0] || x > box[2] || y < box[1] || y > box[3] {
			t.Errorf("--face %s: crop %v is not that of box %v", c.value, corners, box)
		}
	}
	// Chosen by hand it is not told that there are others.
	if _, _, stderr := infer(t, "verify", "--model", model, "--face", "1", one, two); stderr != "" {
		t.Errorf("standard error %q", stderr)
	}
	trouble(t, one+": there is no face 2: 1 found; infer detect shows them", "verify", "--model", model, "--face", "2", one, two)
	trouble(t, two+": there is no face 3: 2 found; infer detect shows them", "verify", "--model", model, "--face", "1,3", one, two)
	trouble(t, one+": --face: there is no face 2: with alignment fixed none is looked for", "verify", "--model", colours(t), "--face", "2", one, two)
	for _, value := range []string{"0", "-1", "x", "1,", "1,2,3", ""} {
		trouble(t, "want the number of the face in both photos", "verify", "--model", model, "--face="+value, one, two)
	}
	trouble(t, "--face and --all: give one of them", "verify", "--model", model, "--face", "1", "--all", one, two)
}

// All faces of one photo are compared with all of the other: a table, the most
// similar pair, and success if one of them is the same person.
func TestVerifyAll(t *testing.T) {
	model := detecting(t)
	one, two := scene(t, "one.jpg", 240), scene(t, "two.jpg", 250, 200)
	code, stdout, stderr := infer(t, "verify", "--all", "--model", model, two, one)
	table := regexp.MustCompile(`^face of A  face of B  similarity
1          1              [01]\.\d{4}  same person
2          1              [01]\.\d{4}  same person
same person: similarity [01]\.\d{4}, at least the threshold 0\.2500 \(\d+ ms\)
$`)
	if code != exitSame || stderr != "" || !table.MatchString(stdout) {
		t.Errorf("exit code %d, %q, %q", code, stdout, stderr)
	}
	code, stdout, _ = infer(t, "verify", "--all", "--json", "--model", model, "--threshold", "1", two, one)
	v := verdictOf(t, stdout)
	if code != exitDifferent || v.Verified || len(v.Pairs) != 2 || v.Pairs[1].A != 2 || v.Pairs[1].B != 1 || v.Pairs[0].Verified {
		t.Errorf("exit code %d, %+v", code, v)
	}
	best := v.Pairs[0]
	if v.Pairs[1].Similarity > best.Similarity {
		best = v.Pairs[1]
	}
	if v.Similarity != best.Similarity || v.Images[0].Face != best.A || v.Images[1].Face != best.B {
		t.Errorf("%v of faces %d and %d is not the best of %+v", v.Similarity, v.Images[0].Face, v.Images[1].Face, v.Pairs)
	}
	// Crops have a face each.
	a, b := plain(t, "a.png", red, 96, 112), plain(t, "b.png", cyan, 96, 112)
	code, stdout, _ = infer(t, "verify", "--all", "--model", model, a, b)
	if code != exitDifferent || !strings.Contains(stdout, "\n1          1             -1.0000  different people\n") {
		t.Errorf("crops: exit code %d, %q", code, stdout)
	}
}

// A face with few pixels is compared, and the verdict is not left alone.
func TestVerifyPoorQuality(t *testing.T) {
	model := detecting(t)
	good, small := scene(t, "good.jpg", 250), scene(t, "small.jpg", 96)
	code, stdout, stderr := infer(t, "verify", "--model", model, good, small)
	if code == exitTrouble || stdout == "" {
		t.Fatalf("exit code %d, %s", code, stderr)
	}
	if !regexp.MustCompile(`^infer: ` + regexp.QuoteMeta(small) + `: the face is small, blurred or doubtful \(quality 0\.[0-4]\d, below 0\.50; eyes \d+ pixels apart, score \d+\): do not rely on the verdict\n$`).MatchString(stderr) {
		t.Errorf("standard error %q", stderr)
	}
	_, stdout, stderr = infer(t, "verify", "--json", "--model", model, good, small)
	v := verdictOf(t, stdout)
	if q := v.Images[0].Faces[0].Quality; stderr != "" || q < 0.9 || v.Images[1].Faces[0].Quality >= face.PoorQuality {
		t.Errorf("%q, quality %v and %v", stderr, q, v.Images[1].Faces[0].Quality)
	}
}

func TestVerifyNoFace(t *testing.T) {
	model := detecting(t)
	wall, good := plain(t, "wall.png", red, 300, 200), scene(t, "good.jpg", 250)
	want := wall + ": no face found in 300×200 pixels; give a photo with the face unobstructed and at least 40 pixels wide\n"
	trouble(t, want, "verify", "--model", model, good, wall)
	trouble(t, want, "verify", "--model", model, "--json", wall, good)
	trouble(t, want, "embed", "--model", model, wall)
	shaped := plain(t, "shaped.png", red, 192, 224)
	trouble(t, shaped+": no face found in 192×224 pixels; give a photo with the face unobstructed and at least 40 pixels wide, or take it for an aligned crop with --no-detect\n", "verify", "--model", model, good, shaped)
	// A model whose alignment is fixed looks for none, and says so, unless it is told to.
	if code, _, stderr := infer(t, "verify", "--model", colours(t), wall, wall); code != exitSame || stderr != "infer: the model was trained on crops of a fixed frame, so no face was looked for: --alignment detect looks for one\n" {
		t.Errorf("fixed: exit code %d, %s", code, stderr)
	}
	trouble(t, wall+": --all: with alignment fixed no faces are looked for: add --alignment detect", "verify", "--model", colours(t), "--all", wall, wall)
	trouble(t, want, "verify", "--model", colours(t), "--alignment", "detect", wall, wall)
}

// With --no-detect an image is its own crop, of whatever size if the shape is right.
func TestNoDetect(t *testing.T) {
	model := detecting(t)
	a, b := plain(t, "a.png", red, 192, 224), plain(t, "b.png", yellow, 96, 112)
	code, stdout, stderr := infer(t, "verify", "--model", model, "--no-detect", "--json", a, b)
	v := verdictOf(t, stdout)
	if code != exitSame || math.Abs(v.Similarity-1./3) > 1e-6 || v.Images[0].Alignment != string(sphereface.AlignNone) || v.Images[0].Crop[2] != [2]float64{192, 224} || v.Images[0].Face != 0 {
		t.Errorf("exit code %d, %s, %+v", code, stderr, v)
	}
	code, stdout, _ = infer(t, "embed", "--model", model, "--no-detect", "--mirror=false", "--format", "csv", a)
	if code != 0 || !strings.HasSuffix(stdout, "a.png,0.99609375,-0.99609375,-0.99609375\n") {
		t.Errorf("embed: exit code %d, %q", code, stdout)
	}
	square := plain(t, "square.png", red, 200, 200)
	trouble(t, square+": an image of 200×200 pixels is no aligned crop; give one of 96×112, or one of that shape", "verify", "--model", model, "--no-detect", a, square)
	trouble(t, "--no-detect: takes images for aligned crops; leave --alignment out", "verify", "--model", model, "--no-detect", "--alignment", "detect", a, a)
	trouble(t, "--no-detect: there is one face in a crop; leave --face and --all out", "verify", "--model", model, "--no-detect", "--all", a, a)
	trouble(t, "--no-detect: there is one face in a crop; leave --face and --all out", "verify", "--model", model, "--no-detect", "--face", "1", a, a)
}

// Reading a photo has an end.
func TestTimeout(t *testing.T) {
	good := scene(t, "good.jpg", 250)
	for _, command := range []string{"verify", "embed", "detect", "crop"} {
		args := []string{command, "--timeout", "1ns", good}
		switch command {
		case "verify":
			args = append(args, good, "--model", detecting(t))
		case "embed":
			args = append(args, "--model", detecting(t))
		case "crop":
			args = append(args, "--out", t.TempDir())
		}
		trouble(t, good+": reading the photo took longer than the limit of 1ns; scale it down, or raise the limit", args...)
	}
	trouble(t, "--timeout 0s: give a time above 0, such as 30s; see infer detect --help", "detect", "--timeout", "0", good)
}

// The feature of a photo is that of the crop that training would make: whether the
// photo or its crop is given.
func TestEmbedIsOfTheCrop(t *testing.T) {
	model, photo := detecting(t), scene(t, "two.jpg", 250, 200)
	dir := t.TempDir()
	if code, _, stderr := infer(t, "crop", "--out", dir, photo); code != 0 {
		t.Fatal(stderr)
	}
	embedding := func(path string) (row struct {
		Embedding []float32
		Faces     int
		Quality   *float64
	},
	) {
		code, stdout, stderr := infer(t, "embed", "--model", model, path)
		if err := json.Unmarshal([]byte(stdout), &row); err != nil || code != 0 || stderr != "" {
			t.Fatalf("%s: exit code %d, %s", path, code, stderr)
		}
		return row
	}
	a, b := embedding(photo), embedding(filepath.Join(dir, "two.png"))
	equal(t, a.Embedding, b.Embedding)
	if a.Faces != 2 || a.Quality == nil || b.Faces != 0 || b.Quality != nil {
		t.Errorf("%d faces of quality %v; in the crop %d of %v", a.Faces, a.Quality, b.Faces, b.Quality)
	}
	// A poor one is told.
	small := scene(t, "small.jpg", 96)
	code, _, stderr := infer(t, "embed", "--model", model, photo, small)
	if !regexp.MustCompile(`^infer: in 1 of 2 photos the face is small, blurred or doubtful \(quality below 0\.50\): `+regexp.QuoteMeta(small)+` \(0\.[0-4]\d\) is the first\n$`).MatchString(stderr) || code != 0 {
		t.Errorf("exit code %d, %q", code, stderr)
	}
}

func decodePNG(t *testing.T, path string) image.Image {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	img, err := png.Decode(f)
	if err != nil {
		t.Fatalf("%s: %v", path, err)
	}
	return img
}

// The picture is written beside the verdict, whatever it is; a place where it cannot
// be written is told before anything is computed.
func TestVerifyExplain(t *testing.T) {
	model := detecting(t)
	one, two := scene(t, "one.jpg", 250), scene(t, "two.jpg", 250, 200)
	for _, c := range []struct {
		flags []string
		code  int
	}{
		{[]string{"--threshold", "0.2", "--all"}, exitSame},
		{[]string{"--threshold", "1", "--face", "1,2"}, exitDifferent}, // the same face from fewer pixels
	} {
		picture := filepath.Join(t.TempDir(), "explain.png")
		code, stdout, stderr := infer(t, append([]string{"verify", "--model", model, "--explain", picture, one, two}, c.flags...)...)
		img := decodePNG(t, picture)
		if code != c.code || stdout == "" || img.Bounds().Dx() < 1000 {
			t.Errorf("exit code %d, %q, %q, a picture of %v", code, stdout, stderr, img.Bounds())
		}
	}
	// A crop has no face to mark.
	crop := plain(t, filepath.Join(t.TempDir(), "crop.png"), corner(0b100), face.CropWidth, face.CropHeight)
	picture := filepath.Join(t.TempDir(), "explain.png")
	if code, _, stderr := infer(t, "verify", "--model", model, "--explain", picture, one, crop); code == exitTrouble {
		t.Errorf("a crop: %s", stderr)
	}
	decodePNG(t, picture)
	nowhere := filepath.Join(t.TempDir(), "missing", "explain.png")
	trouble(t, "--explain: ", "verify", "--model", model, "--explain", nowhere, one, two)
	// What is read is not replaced, under whatever name, and neither is a photo where the
	// flag's own file was forgotten.
	photo := scene(t, "photo.png", 250)
	link := filepath.Join(t.TempDir(), "link.png")
	if err := os.Symlink(photo, link); err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(photo)
	if err != nil {
		t.Fatal(err)
	}
	trouble(t, "--explain "+photo+": would replace "+photo+", which is read: name another file", "verify", "--model", model, "--explain", photo, one, photo)
	trouble(t, "--explain "+link+": would replace "+photo+", which is read", "verify", "--model", model, "--explain", link, photo, one)
	trouble(t, "--explain "+one+": name a file that ends in .png", "verify", "--model", model, "--explain", one, two, photo)
	if after, err := os.ReadFile(photo); err != nil || !bytes.Equal(after, before) {
		t.Error("a photo was replaced")
	}
}
