package main

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"hash/crc32"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/sphereface-go/sphereface/internal/dataset/synthetic"
	"github.com/sphereface-go/sphereface/internal/face"
	"github.com/sphereface-go/sphereface/internal/onnx"
)

func TestVerdicts(t *testing.T) {
	model := colours(t)
	a := plain(t, "red.png", red, 250, 250)
	same := plain(t, "again.png", red, 300, 260)
	close := plain(t, "yellow.png", yellow, 96, 112)
	far := plain(t, "cyan.png", cyan, 250, 250)
	for _, c := range []struct {
		name   string
		args   []string
		code   int
		output string
	}{
		{"same colour", []string{a, same}, exitSame, "same person: similarity 1.0000, at least the threshold 0.2500 ("},
		{"two channels alike", []string{a, close}, exitSame, "same person: similarity 0.3333, at least the threshold 0.2500 ("},
		{"no channel alike", []string{a, far}, exitDifferent, "different people: similarity -1.0000, below the threshold 0.2500 ("},
		{"threshold from the flag", []string{"--threshold", "0.5", a, close}, exitDifferent, "different people: similarity 0.3333, below the threshold 0.5000 ("},
		{"threshold that is reached exactly", []string{"--threshold=1", a, same}, exitSame, "same person: similarity 1.0000"},
		{"one view", []string{"--mirror=false", a, close}, exitSame, "same person: similarity 0.3333"},
		{"flags after the images", []string{a, far, "--threshold=-1"}, exitSame, "same person: similarity -1.0000"},
	} {
		t.Run(c.name, func(t *testing.T) {
			code, stdout, stderr := infer(t, append([]string{"verify", "--model", model, "--alignment", "fixed"}, c.args...)...)
			if code != c.code || !strings.HasPrefix(stdout, c.output) || strings.Count(stdout, "\n") != 1 || stderr != "" {
				t.Errorf("exit code %d, output %q, errors %q; want %d, %q", code, stdout, stderr, c.code, c.output)
			}
		})
	}
}

// The JSON's keys and values are a contract with scripts: a golden file, but for
// the time, the temporary folder and the last digits of the similarity.
func TestVerifyJSON(t *testing.T) {
	model := colours(t)
	a := plain(t, "red.png", red, 300, 250)
	b := plain(t, "yellow.png", yellow, 96, 112)
	code, stdout, _ := infer(t, "verify", "--json", "--model", model, a, b)
	if code != exitSame {
		t.Errorf("exit code %d, want %d", code, exitSame)
	}
	var v struct {
		Similarity float64 `json:"similarity"`
		TimeMS     float64 `json:"time_ms"`
	}
	if err := json.Unmarshal([]byte(stdout), &v); err != nil {
		t.Fatal(err)
	}
	if math.Abs(v.Similarity-1./3) > 1e-6 { // float32 rounding in the mean over a crop
		t.Errorf("similarity %v, want 1/3", v.Similarity)
	}
	if v.TimeMS <= 0 || v.TimeMS > 60_000 {
		t.Errorf("time_ms is %v", v.TimeMS)
	}
	for _, r := range []struct{ pattern, with string }{
		{`"time_ms": [0-9.]+`, `"time_ms": 1.5`},
		{`"similarity": 0\.33333\d*`, `"similarity": 0.33333`},
		{regexp.QuoteMeta(filepath.Dir(model)), "DIR"},
		{regexp.QuoteMeta(filepath.Dir(a)), "DIR"},
		{regexp.QuoteMeta(filepath.Dir(b)), "DIR"},
	} {
		stdout = regexp.MustCompile(r.pattern).ReplaceAllString(stdout, r.with)
	}
	golden(t, "verify.json", stdout)
}

// A mirrored photo has the same feature but for the order of its two halves; and
// only the contract decides whether there are two.
func TestMirror(t *testing.T) {
	model := write(t, "model.onnx", sphereface4(t))
	photo := plain(t, "red.png", red, 96, 112)
	for _, c := range []struct {
		flag string
		size int
	}{{"--mirror", 16}, {"--mirror=true", 16}, {"--mirror=false", 8}} {
		code, stdout, stderr := infer(t, "embed", "--model", model, c.flag, photo)
		var line struct{ Embedding []float32 }
		if err := json.Unmarshal([]byte(stdout), &line); err != nil || code != 0 {
			t.Fatalf("%s: exit code %d, %v, %s", c.flag, code, err, stderr)
		}
		if len(line.Embedding) != c.size {
			t.Errorf("%s: %d values, want %d", c.flag, len(line.Embedding), c.size)
		}
	}
}

// The normalisation is the contract's: for a white photo the colour model gives
// (255 - mean) / std.
func TestNormalisationIsTheContracts(t *testing.T) {
	white := plain(t, "white.png", white, 96, 112)
	for _, c := range []struct{ mean, std string }{{"127.5", "128"}, {"0", "255"}, {"100", "50"}} {
		meta := metadata(contract("sphereface4", 3))
		meta["pixel_mean"], meta["pixel_std"] = c.mean, c.std
		_, stdout, stderr := infer(t, "embed", "--mirror=false", "--model", colourModel(t, 112, 96, meta), white)
		var line struct{ Embedding []float32 }
		if err := json.Unmarshal([]byte(stdout), &line); err != nil {
			t.Fatal(err, stderr)
		}
		want := map[string]float32{"128": 127.5 / 128, "255": 1, "50": 3.1}[c.std]
		for _, v := range line.Embedding {
			// The mean sums 10752 values in float32: their rounding adds up.
			if math.Abs(float64(v-want)) > 1e-4 {
				t.Errorf("mean %s, std %s: %v, want %v", c.mean, c.std, v, want)
			}
		}
	}
}

func TestBadImages(t *testing.T) {
	model := colours(t)
	good := plain(t, "good.png", red, 96, 112)
	whole, err := os.ReadFile(plain(t, "whole.png", red, 250, 250))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, path, want string }{
		{"missing", "none.jpg", "none.jpg: no such file or directory; check the path\n"},
		{"no image", write(t, "text.jpg", []byte("this is text")), "text.jpg: not an image"},
		{"truncated", write(t, "cut.png", whole[:len(whole)/2]), "cut.png: the PNG data is damaged or cut short"},
		{"empty", write(t, "empty.png", nil), "empty.png: the file is empty (0 bytes)"},
		{"directory", t.TempDir(), "is a directory"},
		{"100 megapixels", write(t, "huge.png", header(10000, 10000)), "huge.png: 10000×10000 pixels"},
		{"a few pixels", plain(t, "tiny.png", red, 5, 5), "tiny.png: the image of 5×5 pixels is too small"},
		{"line break in the name", "a\nb.jpg", "a b.jpg: no such file"},
	} {
		t.Run(c.name, func(t *testing.T) {
			trouble(t, c.want, "verify", "--model", model, good, c.path)
			trouble(t, c.want, "verify", "--model", model, "--json", c.path, good)
		})
	}
}

// header is the beginning of a PNG that claims to be of the size.
func header(w, h uint32) []byte {
	chunk := binary.BigEndian.AppendUint32([]byte("IHDR"), w)
	chunk = binary.BigEndian.AppendUint32(chunk, h)
	chunk = append(chunk, 8, 2, 0, 0, 0)
	data := append([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0d"), chunk...)
	return binary.BigEndian.AppendUint32(data, crc32.ChecksumIEEE(chunk))
}

func TestVerifyUsage(t *testing.T) {
	model := colours(t)
	a := plain(t, "a.png", red, 96, 112)
	trouble(t, "verify takes two images, got 1", "verify", "--model", model, a)
	trouble(t, "verify takes two images, got 3", "verify", "--model", model, a, a, a)
}

// Models that are not ours, damaged, or of another shape.
func TestBadModels(t *testing.T) {
	a := plain(t, "a.png", red, 96, 112)
	ours := sphereface4(t)
	complete := func() map[string]string { return metadata(contract("sphereface4", 3)) }
	without := func(keys ...string) map[string]string {
		m := complete()
		for _, k := range keys {
			delete(m, k)
		}
		return m
	}
	with := func(key, value string) map[string]string {
		m := complete()
		m[key] = value
		return m
	}
	m, err := onnx.Decode(ours)
	if err != nil {
		t.Fatal(err)
	}
	m.Graph.Node[1].OpType = proto.String("NoSuchOp")
	otherOperator, err := proto.Marshal(m)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, model, want string }{
		{"other operator", write(t, "op.onnx", otherOperator), "op.onnx: onnx: node prelu1 (NoSuchOp): sphereface writes no such operator"},
		{"missing", "none.onnx", "none.onnx: no such file; check the path given to --model\n"},
		{"directory", t.TempDir(), "is a directory; name the .onnx file in it\n"},
		{"empty", write(t, "empty.onnx", nil), "empty.onnx is empty (0 bytes); export the model again\n"},
		{"truncated", write(t, "cut.onnx", ours[:len(ours)-1000]), "cut.onnx: onnx: the file is truncated"},
		{"no model", write(t, "text.onnx", []byte("this is text")), "text.onnx: onnx: this is no ONNX model"},
		{"no metadata", colourModel(t, 112, 96, nil), "missing input_layout, pixel_format"},
		{"no mirror", colourModel(t, 112, 96, without("mirror")), "missing mirror"},
		{"no threshold", colourModel(t, 112, 96, without("threshold", "threshold_far", "threshold_data")), "no decision threshold: give one with --threshold"},
		{"other pixel format", colourModel(t, 112, 96, with("pixel_format", "BGR")), `pixel_format is "BGR", want RGB`},
		{"other alignment", colourModel(t, 112, 96, with("alignment", "mystery")), `alignment "mystery" is not known`},
		{"other template", colourModel(t, 112, 96, with("crop_template", "[[1,2],[3,4],[5,6],[7,8],[9,10]]")), "aligned to the points"},
		{"other crop", colourModel(t, 112, 112, with("crop_width", "112")), "crops of 112 rows and 112 columns"},
		{"other input", colourModel(t, 224, 224, complete()), "takes input float32 N×3×224×224, want one input float32 N×3×112×96"},
		{"other embedding", colourModel(t, 112, 96, with("embedding_size", "512")), "metadata says embedding_size 512"},
	} {
		t.Run(c.name, func(t *testing.T) {
			trouble(t, c.want, "verify", "--model", c.model, a, a)
		})
	}
}

// What the metadata lacks can be supplied: by this project's own values, or one by one.
func TestSuppliedMetadata(t *testing.T) {
	a := plain(t, "a.png", red, 96, 112)
	bare := colourModel(t, 112, 96, nil)
	code, stdout, stderr := infer(t, "verify", "--model", bare, "--assume-sphereface", "--threshold", "0.3", a, a)
	if code != exitSame {
		t.Errorf("--assume-sphereface: exit code %d, %s%s", code, stdout, stderr)
	}
	args := []string{"verify", "--model", bare, "--threshold=0.3"}
	own := metadata(contract("sphereface4", 3))
	for _, m := range metadataFlags {
		if m.key != "threshold" {
			args = append(args, "--"+flagName(m.key)+"="+own[m.key])
		}
	}
	if code, stdout, stderr := infer(t, append(args, a, a)...); code != exitSame {
		t.Errorf("%q: exit code %d, %s%s", args, code, stdout, stderr)
	}
	// One message lists all that a decision needs, the threshold with the rest.
	trouble(t, "metric, mirror, threshold: the model was not exported by sphereface, so give these values yourself with the flags of these names (--pixel-mean and so on), or take this project's own for all but the threshold with --assume-sphereface\n", "verify", "--model", bare, a, a)
	trouble(t, "metric, mirror: the model was", "verify", "--model", bare, "--threshold", "0.3", a, a)
	trouble(t, "metric, mirror: the model was", "embed", "--model", bare, a)
	// A model that says something else is not overruled by what is assumed.
	meta := map[string]string{"alignment": "mystery"}
	trouble(t, "mystery", "verify", "--model", colourModel(t, 112, 96, meta), "--assume-sphereface", "--threshold", "0.3", a, a)
}

// An embedding without direction cannot be compared: grey of exactly the mean is
// the zero vector.
func TestZeroEmbedding(t *testing.T) {
	meta := metadata(contract("sphereface4", 3))
	meta["pixel_mean"] = "255"
	a := plain(t, "white.png", white, face.CropWidth, face.CropHeight)
	trouble(t, "the embedding of "+a+" is zero or not finite", "verify", "--model", colourModel(t, 112, 96, meta), a, a)
}

// The built-in model knows a face again in a smaller photo, and not in drawn ones, which
// to weights that have learned nothing are all alike. (The repository has photos of one
// person only.)
func TestVerifyByTheBuiltInModel(t *testing.T) {
	similarity := func(b string) verdict {
		code, stdout, stderr := infer(t, "verify", "--model", builtIn, "--json", portrait, b)
		var v verdict
		if err := json.Unmarshal([]byte(stdout), &v); err != nil || v.Model != builtIn || v.Images[0].Alignment != "detect" {
			t.Fatalf("%v: exit code %d, %s%s", err, code, stdout, stderr)
		}
		return v
	}
	if v := similarity(scene(t, "small.jpg", 180)); !v.Verified || v.Similarity < 0.9 {
		t.Errorf("the same face, smaller: similarity %v", v.Similarity)
	}
	sum, faces := 0.0, 8
	for person := range faces {
		sum += similarity(drawn(t, person)).Similarity
	}
	if mean := sum / float64(faces); mean > 0.2 {
		t.Errorf("drawn faces: similarity %v in the mean", mean)
	}
}

// drawn is a file with the crop of a synthetic face.
func drawn(t *testing.T, person int) string {
	t.Helper()
	var data bytes.Buffer
	if err := png.Encode(&data, synthetic.New(1).Crop(person, 0).Image()); err != nil {
		t.Fatal(err)
	}
	return write(t, "drawn.png", data.Bytes())
}
