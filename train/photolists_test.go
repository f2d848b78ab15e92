package main

import (
	"bytes"
	"encoding/json"
	"image"
	"image/color"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/image/draw"

	"github.com/sphereface-go/sphereface/internal/checkpoint"
	"github.com/sphereface-go/sphereface/internal/face"
)

// photoFolder is a folder of drawn faces, of which one person has a portrait and
// a photo without a face besides, and one more person nothing but such photos.
func photoFolder(t *testing.T) string {
	t.Helper()
	made := checkpoint.Run{Dir: filepath.Join(t.TempDir(), "made")}
	mustRun(t, "--config", writeConfig(t, tiny), "--run", made.Dir, "--train.epochs", "1", "--data.holdout", "0.6")
	root := filepath.Join(t.TempDir(), "faces")
	if err := os.CopyFS(root, os.DirFS(made.Faces())); err != nil {
		t.Fatal(err)
	}
	people, err := os.ReadDir(root)
	if err != nil {
		t.Fatal(err)
	}
	portrait := read(t, filepath.Join("..", "testdata", "faces", "astronaut.jpg"))
	first := people[0].Name()
	for name, data := range map[string]string{
		filepath.Join(first, first+"_0004.jpg"): portrait,
		filepath.Join(first, first+"_0005.png"): wall(t),
		"Wall/Wall_0001.png":                    wall(t),
		"Wall/Wall_0002.png":                    wall(t),
	} {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(data), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return root
}

// wall is a PNG without a face.
func wall(t *testing.T) string {
	t.Helper()
	img := image.NewGray(image.Rect(0, 0, 100, 80))
	for y := range 80 {
		for x := range 100 {
			img.SetGray(x, y, color.Gray{uint8(x + y)})
		}
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// said runs the arguments and returns what went to stderr.
func said(t *testing.T, args ...string) string {
	t.Helper()
	var out strings.Builder
	if err := run(t.Context(), args, io.Discard, &out); err != nil {
		t.Fatalf("train %s: %v", strings.Join(args, " "), err)
	}
	return out.String()
}

// photosConfig trains on the folder with the faces found.
func photosConfig(t *testing.T, root string) string {
	t.Helper()
	return writeConfig(t, strings.Replace(tiny, "source: synthetic, holdout: 0.3, people: 14, images: 3",
		"source: folder, holdout: 0.3, align: detect, root: "+root+", cache: "+t.TempDir(), 1))
}

// Photos without a face are told of and listed, with what the config says is done.
func TestPhotosWithoutAFace(t *testing.T) {
	root := photoFolder(t)
	config := photosConfig(t, root)
	entries, err := os.ReadDir(root)
	if err != nil {
		t.Fatal(err)
	}
	first := entries[0].Name()
	paths := []string{filepath.Join(root, first, first+"_0005.png"), filepath.Join(root, "Wall", "Wall_0001.png"), filepath.Join(root, "Wall", "Wall_0002.png")}
	for _, tt := range []struct{ noFace, fate, people string }{
		{"skip", "left out", " (1 person with a face in no photo left out); "},
		{"fixed", "fixed crop", " people to train on; "},
	} {
		r := checkpoint.Run{Dir: filepath.Join(t.TempDir(), "run")}
		text := said(t, "--config", config, "--run", r.Dir, "--data.no_face", tt.noFace)
		if want := "no face found in 3 of 28 photos: " + tt.fate + ", listed in " + r.NoFace() + "\n"; !strings.Contains(text, want) || !strings.Contains(text, tt.people) {
			t.Errorf("%s: got\n%s\nwant %s and %s", tt.noFace, text, want, tt.people)
		}
		want := ""
		for _, path := range paths {
			want += tt.fate + "\t" + path + "\n"
		}
		if got := read(t, r.NoFace()); got != want {
			t.Errorf("%s: the list is\n%s\nwant\n%s", tt.noFace, got, want)
		}
		if strings.Contains(read(t, r.Pairs()), "Wall") && tt.noFace == "skip" {
			t.Error("photos that are left out are among the validation pairs")
		}

		// What eval computes of the validation pairs is what training did, and of
		// photos without a face it says that they were judged nevertheless.
		state, err := checkpoint.Load(r.Last())
		if err != nil {
			t.Fatal(err)
		}
		var again evaluation
		if err := json.Unmarshal([]byte(mustRun(t, "eval", "--run", r.Dir, "--pairs", r.Pairs(), "--images", root, "--json")), &again); err != nil {
			t.Fatal(err)
		}
		if v := state.Validation; again.Accuracy != v.Accuracy || again.Threshold != v.Threshold || again.AUC != v.AUC || tt.noFace == "skip" && again.NoFace != 0 {
			t.Errorf("%s: eval: %+v\ntraining: %+v", tt.noFace, again, v.Result)
		}
		pairs := filepath.Join(t.TempDir(), "pairs.txt")
		if err := os.WriteFile(pairs, []byte("2\t1\nWall\t1\t2\nWall\t1\t"+first+"\t4\n"+first+"\t1\t4\n"+first+"\t1\tWall\t2\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		out := mustRun(t, "eval", "--run", r.Dir, "--pairs", pairs, "--images", root)
		if want := "no face found        in 2 of 4 images: cut by the fixed frame\n"; !strings.HasSuffix(out, want) {
			t.Errorf("eval prints\n%s\nwant %s", out, want)
		}
	}
}

// Photos whose face is small are used, told of and listed.
func TestPoorFaces(t *testing.T) {
	root := photoFolder(t)
	portrait, err := face.ReadFile(t.Context(), filepath.Join("..", "testdata", "faces", "astronaut.jpg"))
	if err != nil {
		t.Fatal(err)
	}
	small := image.NewNRGBA(image.Rect(0, 0, 200, 200)) // of 512×512 pixels
	draw.BiLinear.Scale(small, small.Rect, portrait, portrait.Bounds(), draw.Src, nil)
	var b bytes.Buffer
	if err := png.Encode(&b, small); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(root, "Wall", "Wall_0003.png")
	if err := os.WriteFile(path, b.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	r := checkpoint.Run{Dir: filepath.Join(t.TempDir(), "run")}
	text := said(t, "--config", photosConfig(t, root), "--run", r.Dir)
	if want := "small, blurred or doubtful faces in 1 of 29 photos: used, listed in " + r.PoorFaces() + "\n"; !strings.Contains(text, want) {
		t.Errorf("got\n%s\nwant %s", text, want)
	}
	if got := read(t, r.PoorFaces()); got != "used\t"+path+"\n" {
		t.Errorf("the list is %q", got)
	}
}

// A run on photos that is killed and resumed ends in the bits of one left alone,
// and does not go on if other photos have a face.
func TestKillWithPhotos(t *testing.T) {
	root := photoFolder(t)
	args := []string{"--config", photosConfig(t, root), "--validation.every", "5", "--train.epochs", "5", "--run"}
	alone := checkpoint.Run{Dir: filepath.Join(t.TempDir(), "alone")}
	mustRun(t, append(args, alone.Dir)...)

	r := checkpoint.Run{Dir: filepath.Join(t.TempDir(), "killed")}
	cmd := child(t, append(args, r.Dir)...)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	waitFor(t, cmd, r.Last(), func(c *checkpoint.Checkpoint) bool { return c.Batch > 0 })
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // says that it was killed
	list := read(t, r.NoFace())
	text := said(t, "--resume", r.Dir)
	if strings.Contains(text, "preparing faces") {
		t.Errorf("crops are made again:\n%s", text)
	}
	if read(t, r.Last()) != read(t, alone.Last()) || read(t, r.NoFace()) != list {
		t.Error("the final checkpoint or the list differs from that of a run left alone")
	}

	if err := os.WriteFile(filepath.Join(root, "Wall", "Wall_0001.png"), []byte(read(t, filepath.Join("..", "testdata", "faces", "astronaut.jpg"))), 0o644); err != nil {
		t.Fatal(err)
	}
	wantError(t, []string{"--resume", r.Dir, "--train.epochs", "6"}, "it was trained on ")
}
