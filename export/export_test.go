package main

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/sphereface-go/sphereface/internal/checkpoint"
	"github.com/sphereface-go/sphereface/internal/dataset/synthetic"
	"github.com/sphereface-go/sphereface/internal/face"
	"github.com/sphereface-go/sphereface/internal/kernel"
	"github.com/sphereface-go/sphereface/internal/onnx"
	"github.com/sphereface-go/sphereface/internal/onnxgo"
	"github.com/sphereface-go/sphereface/internal/ort"
	"github.com/sphereface-go/sphereface/internal/ort/orttest"
	"github.com/sphereface-go/sphereface/internal/parity"
)

// metadata of an exported file.
func metadata(t *testing.T, path string) map[string]string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	m, err := onnx.Decode(data)
	if err != nil {
		t.Fatal(err)
	}
	return onnx.Metadata(m)
}

// Where the file goes, and which checkpoint it is of.
func TestPaths(t *testing.T) {
	dir, last := save(t, golden(t))
	before := listFiles(t, dir)
	for _, tt := range []struct {
		args []string
		want string
	}{
		{[]string{dir}, filepath.Join(dir, "model.onnx")},
		{[]string{last}, filepath.Join(dir, "checkpoints", "last.onnx")},
		{[]string{dir, "--out", filepath.Join(dir, "a.onnx")}, filepath.Join(dir, "a.onnx")},
	} {
		stdout, err := export(t, tt.args...)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(stdout, "model       "+tt.want+", ") || !strings.Contains(stdout, "checkpoint  "+last) {
			t.Errorf("%v: output\n%s", tt.args, stdout)
		}
		if got := metadata(t, tt.want)["network"]; got != "sphereface4" {
			t.Errorf("%v: network %q", tt.args, got)
		}
	}
	want := append(before, filepath.Join(dir, "a.onnx"), filepath.Join(dir, "checkpoints", "last.onnx"), filepath.Join(dir, "model.onnx"))
	slices.Sort(want)
	got := listFiles(t, dir)
	slices.Sort(got)
	if !slices.Equal(got, want) {
		t.Errorf("files %v, want %v", got, want)
	}
}

// A run that was never validated has no threshold, unless the user gives one.
func TestThreshold(t *testing.T) {
	c := golden(t)
	c.Validation = nil
	dir, _ := save(t, c)
	out := filepath.Join(dir, "model.onnx")
	stdout, err := export(t, dir)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(stdout, "not validated, so the model has no threshold; give one with --threshold, --threshold-far and --threshold-data\n") {
		t.Errorf("output\n%s", stdout)
	}
	meta := metadata(t, out)
	if _, ok := meta["threshold"]; ok || meta["training_result"] != "not validated" {
		t.Errorf("metadata %v", meta)
	}
	if stdout, err = export(t, dir, "--threshold", "0.25", "--threshold-far", "0.001", "--threshold-data", "6000 pairs of LFW's view 2"); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(stdout, "note") {
		t.Errorf("output\n%s", stdout)
	}
	meta = metadata(t, out)
	if meta["threshold"] != "0.25" || meta["threshold_far"] != "0.001" || meta["threshold_data"] != "6000 pairs of LFW's view 2" {
		t.Errorf("metadata %v", meta)
	}
}

// Notes tell of a threshold that is older than the weights, and of a better
// checkpoint.
func TestNotes(t *testing.T) {
	c := golden(t)
	c.Batch, c.Best = 1, 0.875
	c.Partial = checkpoint.Sums{Loss: 8, Images: 4}
	dir, last := save(t, c)
	stdout, err := export(t, dir)
	if err != nil {
		t.Fatal(err)
	}
	best := checkpoint.Run{Dir: dir}.Best()
	for _, want := range []string{"found after epoch 4, and the weights have been trained on since", "(0.8750, this one 0.7500); export " + best + " to take it"} {
		if !strings.Contains(stdout, want) {
			t.Errorf("the output lacks %q:\n%s", want, stdout)
		}
	}
	if stdout, err = export(t, last); err != nil || strings.Contains(stdout, "to take it") {
		t.Errorf("the user chose this checkpoint; error %v, output\n%s", err, stdout)
	}
}

// Photos of the user's own are cropped as the run's were.
func TestCrops(t *testing.T) {
	dir, last := save(t, golden(t))
	photos := filepath.Join(dir, "photos")
	if err := os.Mkdir(photos, 0o755); err != nil {
		t.Fatal(err)
	}
	for i := range 2 {
		writePhoto(t, filepath.Join(photos, fmt.Sprintf("%d.png", i)))
	}
	link := filepath.Join(dir, "link") // to the folder
	if err := os.Symlink(photos, link); err != nil {
		t.Fatal(err)
	}
	for _, folder := range []string{photos, link} {
		stdout, err := export(t, last, "--crops", folder)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(stdout, "2 random, 2 of the photos in "+folder+"\n") {
			t.Errorf("output\n%s", stdout)
		}
	}
	// Data that has gone is no obstacle, and neither is data that is damaged; the
	// reason is told.
	gone := filepath.Join(dir, "gone")
	if got := fallback(t, gone); got != "4 of synthetic faces, as the run's data cannot be used here ("+gone+": no such file or directory; check the path)" {
		t.Errorf("crops: %s", got)
	}
	if err := os.Mkdir(gone, 0o755); err != nil {
		t.Fatal(err)
	}
	if got := fallback(t, gone); !strings.HasPrefix(got, "4 of synthetic faces, as the run's data cannot be used here ("+gone+": holds no .jpg") {
		t.Errorf("crops: %s", got)
	}
	if err := os.WriteFile(filepath.Join(gone, "a.jpg"), []byte("no image"), 0o644); err != nil {
		t.Fatal(err)
	}
	if got := fallback(t, gone); !strings.Contains(got, "a.jpg: not an image") {
		t.Errorf("crops: %s", got)
	}
}

// fallback exports a run of the photos in root and returns what it was compared on.
func fallback(t *testing.T, root string) string {
	t.Helper()
	c := golden(t)
	c.Config = bytes.Replace(c.Config, []byte("source: synthetic"), []byte("source: folder"), 1)
	c.Config = bytes.Replace(c.Config, []byte(`root: ""`), []byte("root: "+root), 1)
	_, last := save(t, c)
	stdout, err := export(t, last)
	if err != nil {
		t.Fatal(err)
	}
	_, crops, _ := strings.Cut(stdout, "2 random, ")
	crops, _, _ = strings.Cut(crops, "\n")
	return crops
}

// The crops of a run whose photos were cropped by their faces are made so, too,
// and the file says it; a photo without a face is one to compare on as well.
func TestDetected(t *testing.T) {
	c := golden(t)
	c.Config = bytes.Replace(c.Config, []byte("align: fixed"), []byte("align: detect"), 1)
	dir, last := save(t, c)
	portrait, err := os.ReadFile("../testdata/faces/astronaut.jpg")
	if err != nil {
		t.Fatal(err)
	}
	photos := t.TempDir()
	if err := os.WriteFile(filepath.Join(photos, "portrait.jpg"), portrait, 0o644); err != nil {
		t.Fatal(err)
	}
	var wall bytes.Buffer
	if err := png.Encode(&wall, image.NewGray(image.Rect(0, 0, 90, 120))); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(photos, "wall.png"), wall.Bytes(), 0o644); err != nil {
		t.Fatal(err)
	}
	stdout, err := export(t, last, "--crops", photos, "--out", filepath.Join(dir, "model.onnx"))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(stdout, "2 random, 2 of the photos in "+photos+"\n") {
		t.Errorf("output\n%s", stdout)
	}
	if got := metadata(t, filepath.Join(dir, "model.onnx"))["alignment"]; got != "detect" {
		t.Errorf("alignment %q, want detect", got)
	}
	got, err := folderCrops(photos, face.AlignDetect)
	if err != nil {
		t.Fatal(err)
	}
	var want crops
	for _, p := range []struct {
		align face.Alignment
		name  string
	}{{face.AlignDetect, "portrait.jpg"}, {face.AlignFixed, "wall.png"}} {
		crop, _, err := p.align.ReadCropOrFixed(t.Context(), filepath.Join(photos, p.name))
		if err != nil {
			t.Fatal(err)
		}
		want.add(crop)
	}
	if got.n != want.n || !slices.Equal(got.x, want.x) {
		t.Error("the crops are not those of the alignment")
	}
}

// The fixtures are complete: ONNX Runtime computes every output of every data
// set from its input, with the case's own model.
func TestFixtures(t *testing.T) {
	dir, _ := save(t, golden(t))
	fixtures := filepath.Join(dir, "fixtures")
	for range 2 { // the second time replaces the first
		if _, err := export(t, dir, "--fixtures", fixtures); err != nil {
			t.Fatal(err)
		}
	}
	session, err := ort.Open(filepath.Join(fixtures, "model.onnx"), ort.Options{Library: orttest.Library(t), Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	defer session.Close()
	const outputs = 5 // the embedding and four layers
	for set, n := range fixtureBatches {
		folder := filepath.Join(fixtures, fmt.Sprint("test_data_set_", set))
		input := readTensor(t, filepath.Join(folder, "input_0.pb"))
		if input.Name != "input" || !slices.Equal(input.Shape, []int{n, 3, 112, 96}) {
			t.Errorf("%s: %s of shape %v", folder, input.Name, input.Shape)
		}
		got, err := session.Run(input.Data, n)
		if err != nil {
			t.Fatal(err)
		}
		if entries, err := os.ReadDir(folder); err != nil || len(entries) != 1+outputs || len(got) != outputs {
			t.Fatalf("%s: %d files and %d outputs, want %d outputs (error %v)", folder, len(entries), len(got), outputs, err)
		}
		for i, tensor := range got {
			want := readTensor(t, filepath.Join(folder, fmt.Sprintf("output_%d.pb", i)))
			if want.Name != tensor.Name || !slices.EqualFunc(want.Shape, tensor.Shape, func(a int, b int64) bool { return int64(a) == b }) {
				t.Errorf("%s: output %d is %s %v, want %s %v", folder, i, tensor.Name, tensor.Shape, want.Name, want.Shape)
			}
			if d, err := parity.Compare(want.Data, tensor.Data, 1); err != nil || !d.Agree() {
				t.Errorf("%s: output %s: %+v (error %v)", folder, want.Name, d, err)
			}
		}
	}
	// A model alone is no earlier case.
	lone := filepath.Join(dir, "lone")
	if err := os.Mkdir(lone, 0o755); err != nil {
		t.Fatal(err)
	}
	mine := filepath.Join(lone, "model.onnx")
	if err := os.WriteFile(mine, []byte("mine"), 0o644); err != nil {
		t.Fatal(err)
	}
	_, err = export(t, dir, "--fixtures", lone)
	oneLine(t, err, "--fixtures", "holds a model.onnx and no test_data_set_0")
	if data, err := os.ReadFile(mine); err != nil || string(data) != "mine" {
		t.Errorf("the model there is now %q, %v", data, err)
	}
	// A folder that holds something else is not replaced.
	keep := filepath.Join(fixtures, "notes.txt")
	if err := os.WriteFile(keep, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	before := listFiles(t, dir)
	_, err = export(t, dir, "--fixtures", fixtures)
	oneLine(t, err, "--fixtures", "notes.txt")
	if after := listFiles(t, dir); !slices.Equal(before, after) {
		t.Errorf("files are left: %v", after)
	}
}

// writePhoto writes a photo of a synthetic face.
func writePhoto(t *testing.T, path string) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := png.Encode(f, synthetic.New(1).Crop(0, 0).Image()); err != nil {
		t.Fatal(err)
	}
}

func readTensor(t *testing.T, path string) onnx.Tensor {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	tensor, err := onnx.DecodeTensor(data)
	if err != nil {
		t.Fatal(err)
	}
	return tensor
}

func TestHelpAndVersion(t *testing.T) {
	for flag, texts := range map[string][]string{
		"--help":    {"--fixtures DIR", "--threads int"},
		"-h":        {"Exit code"},
		"--version": {"export ", kernel.Level() + " kernels (this processor has portable", kernel.Variable, " threads; --threads=N"},
	} {
		var stdout bytes.Buffer
		if err := run(context.Background(), []string{flag}, &stdout, new(bytes.Buffer)); err != nil {
			t.Fatal(err)
		}
		for _, want := range texts {
			if !strings.Contains(stdout.String(), want) {
				t.Errorf("%s prints\n%s, want %s", flag, stdout.String(), want)
			}
		}
	}
}

// A file of float16 has passed the same comparison, in about half of the bytes, with
// the same metadata, and its weights can be trained on.
func TestFloat16(t *testing.T) {
	dir, _ := save(t, golden(t))
	plain, half := filepath.Join(dir, "plain.onnx"), filepath.Join(dir, "half.onnx")
	for out, flags := range map[string][]string{plain: nil, half: {"--float16"}} {
		if stdout, err := export(t, append([]string{dir, "--out", out}, flags...)...); err != nil {
			t.Fatalf("%v\n%s", err, stdout)
		}
	}
	sizes := map[string]int64{}
	weights := map[string]map[string][]float32{}
	for _, path := range []string{plain, half} {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		sizes[path] = int64(len(data))
		if weights[path], _, err = onnxgo.ReadWeights(data); err != nil {
			t.Fatal(err)
		}
	}
	if sizes[half] > sizes[plain]*6/10 {
		t.Errorf("%d bytes as float16, %d as float32", sizes[half], sizes[plain])
	}
	if !reflect.DeepEqual(metadata(t, half), metadata(t, plain)) {
		t.Error("the metadata differ")
	}
	for name, want := range weights[plain] {
		for i, v := range weights[half][name] {
			// Half of the last of 11 bits, or of the least number.
			if d := math.Abs(float64(v - want[i])); d > math.Abs(float64(want[i]))/2048+1e-7 {
				t.Fatalf("%s: element %d is %v, want %v", name, i, v, want[i])
			}
		}
	}
	if reflect.DeepEqual(weights[half], weights[plain]) {
		t.Error("nothing was rounded")
	}
}
