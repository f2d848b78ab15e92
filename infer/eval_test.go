package main

import (
	"encoding/csv"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"

	"github.com/sphereface-go/sphereface/internal/face"
	"github.com/sphereface-go/sphereface/internal/verification"
)

// people is a tree of plain photos: Ann is red, red and yellow; Bob cyan, cyan; Cid
// white, yellow.
func people(t testing.TB) string {
	t.Helper()
	root := t.TempDir()
	for path, c := range map[string]uint32{
		"Ann/Ann_0001.png": 0b100, "Ann/Ann_0002.png": 0b100, "Ann/Ann_0003.png": 0b110,
		"Bob/Bob_0001.png": 0b011, "Bob/Bob_0002.png": 0b011,
		"Cid/Cid_0001.png": 0b111, "Cid/Cid_0002.png": 0b110,
	} {
		plain(t, filepath.Join(root, path), corner(c), 96, 112)
	}
	return root
}

// corner is a corner of the colour cube: a bit each for red, green and blue.
type corner uint32

func (c corner) RGBA() (r, g, b, a uint32) {
	return uint32(c) >> 2 * 0xffff, uint32(c) >> 1 & 1 * 0xffff, uint32(c) & 1 * 0xffff, 0xffff
}

// pairs can be judged by hand, as the similarity is 1, 1/3, -1/3 or -1 by the number
// of colour channels that agree:
//
//	fold  same                    different
//	   1  Ann 1, 2:  1            Ann 1, Bob 1: -1
//	      Ann 1, 3:  1/3          Ann 2, Bob 1: -1
//	   2  Bob 1, 2:  1            Ann 3, Cid 1:  1/3
//	      Cid 1, 2:  1/3          Ann 1, Bob 2: -1
//
// Fold 1 is judged with fold 2's threshold: (-1, 1/3] gets 3 of 4 right and so does
// (1/3, 1], but the first is wider: -1/3. All 4 of fold 1 are right. Fold 2 is judged
// with fold 1's: (-1, 1/3] gets all right: -1/3 again, and 3 of 4 of fold 2 are right.
// Accuracy 7/8; deviations ±1/8, sample standard deviation sqrt(2)/8, standard error
// 1/8. On all pairs (-1, 1/3] gets 7 right, its middle is -1/3: FAR 1/4, FRR 0.
// The area: the same pairs at 1 beat all four different ones, those at 1/3 beat three
// and tie with one: (4 + 4 + 3.5 + 3.5) / 16 = 15/16. The curve's corners are (0, 0),
// (0, 1/2), (1/4, 1), (1, 1); its second piece x, 1/2 + 2x meets FAR = 1 - TAR at 1/6.
// Without a false accept the two same pairs at 1 of four pass: threshold 2/3.
const pairs = "2\t2\n" +
	"Ann\t1\t2\nAnn\t1\t3\n" +
	"Ann\t1\tBob\t1\nAnn\t2\tBob\t1\n" +
	"Bob\t1\t2\nCid\t1\t2\n" +
	"Ann\t3\tCid\t1\nAnn\t1\tBob\t2\n"

func TestEval(t *testing.T) {
	roc := filepath.Join(t.TempDir(), "roc.png")
	code, stdout, stderr := infer(t, "eval", "--model", colours(t), "--images", people(t), "--pairs", write(t, "pairs.txt", []byte(pairs)), "--roc", roc)
	if code != 0 {
		t.Fatalf("exit code %d, %s", code, stderr)
	}
	golden(t, "eval.txt", stdout)
	if !strings.Contains(stderr, "7/7 images") {
		t.Errorf("progress %q, want 7 images", stderr)
	}
	if data, err := os.ReadFile(roc); err != nil || !strings.HasPrefix(string(data), "\x89PNG") {
		t.Errorf("the ROC curve is no PNG: %v", err)
	}
}

// Every pair of a list is judged, also with a photo in which no face is found.
func TestEvalWithoutAFace(t *testing.T) {
	images := people(t)
	wall := plain(t, filepath.Join(images, "Bob/Bob_0002.png"), corner(0b011), 200, 180)
	c := contract("sphereface4", 3)
	c.Alignment = string(face.AlignDetect)
	detect := colourModel(t, face.CropHeight, face.CropWidth, metadata(c))
	list := write(t, "pairs.txt", []byte(pairs))
	code, stdout, stderr := infer(t, "eval", "--model", detect, "--images", images, "--pairs", list)
	if code != 0 {
		t.Fatalf("exit code %d, %s", code, stderr)
	}
	// Its fixed crop has the colour of the crop that it replaces.
	judged, ok := strings.CutSuffix(stdout, "no face found        in 1 of 7 images: cut by the fixed frame\n")
	if !ok {
		t.Errorf("output\n%s", stdout)
	}
	golden(t, "eval.txt", judged)
	code, stdout, _ = infer(t, "eval", "--json", "--model", detect, "--images", images, "--pairs", list)
	if code != 0 || !strings.Contains(stdout, `"no_face": 1,`) {
		t.Errorf("exit code %d, output\n%s", code, stdout)
	}
	if code, _, stderr = infer(t, "embed", "--model", detect, wall); code != exitTrouble || !strings.Contains(stderr, wall+": no face found in 200×180 pixels") {
		t.Errorf("embed: exit code %d, errors %s", code, stderr)
	}
}

// The scale changes the plot and nothing else.
func TestROCScale(t *testing.T) {
	dir := t.TempDir()
	args := []string{"eval", "--model", colours(t), "--images", people(t), "--pairs", write(t, "pairs.txt", []byte(pairs))}
	plots := make(map[string]string)
	for _, scale := range []string{"", "linear", "log"} {
		path := filepath.Join(dir, "roc"+scale+".png")
		more := []string{"--roc", path}
		if scale != "" {
			more = append(more, "--roc-scale", scale)
		}
		code, stdout, stderr := infer(t, append(args, more...)...)
		if code != 0 {
			t.Fatalf("exit code %d, %s", code, stderr)
		}
		golden(t, "eval.txt", stdout)
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		plots[scale] = string(data)
	}
	if plots[""] != plots["linear"] {
		t.Error("the scale is not linear where none is given")
	}
	if plots["log"] == plots["linear"] {
		t.Error("the scales give the same plot")
	}
}

// The corners of the curve that are worked out at pairs, with the thresholds between the
// similarities 1, 1/3 and -1, and above and at the ends. Rates are exact; the
// similarities have float32's rounding.
func TestROCTable(t *testing.T) {
	path := filepath.Join(t.TempDir(), "roc.CSV")
	code, _, stderr := infer(t, "eval", "--model", colours(t), "--images", people(t), "--pairs", write(t, "pairs.txt", []byte(pairs)), "--roc", path)
	if code != 0 {
		t.Fatalf("exit code %d, %s", code, stderr)
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	want := [][3]float64{{1, 0, 0}, {2. / 3, 0, 0.5}, {-1. / 3, 0.25, 1}, {-1, 1, 1}}
	if len(rows) != 1+len(want) || strings.Join(rows[0], " ") != "threshold false_accept_rate true_accept_rate" {
		t.Fatalf("%q", rows)
	}
	for i, w := range want {
		for j := range w {
			if v, err := strconv.ParseFloat(rows[i+1][j], 64); err != nil || math.Abs(v-w[j]) > 1e-6 {
				t.Errorf("row %d: %q, want %v", i, rows[i+1], w)
			}
		}
	}
}

// A plot that cannot be written does not take the figures away.
func TestEvalPlotFails(t *testing.T) {
	if runtime.GOOS != "linux" {
		return // no /dev/full elsewhere
	}
	code, stdout, stderr := infer(t, "eval", "--model", colours(t), "--images", people(t), "--pairs", write(t, "pairs.txt", []byte(pairs)), "--roc", "/dev/full")
	if code != exitTrouble || !strings.HasSuffix(stderr, "\ninfer: report: write /dev/full: no space left on device; free some space or write elsewhere\n") {
		t.Errorf("exit code %d, errors %q", code, stderr)
	}
	golden(t, "eval.txt", stdout)
}

func TestEvalJSON(t *testing.T) {
	code, stdout, stderr := infer(t, "eval", "--json", "--model", colours(t), "--images", people(t), "--pairs", write(t, "pairs.txt", []byte(pairs)))
	if code != 0 {
		t.Fatalf("exit code %d, %s", code, stderr)
	}
	var e struct {
		Accuracy  float64                       `json:"accuracy"`
		StdErr    float64                       `json:"standard_error"`
		Threshold float64                       `json:"threshold"`
		EER       float64                       `json:"eer"`
		AUC       float64                       `json:"auc"`
		TAR       []verification.OperatingPoint `json:"tar_at_far"`
		Pairs     int                           `json:"pairs"`
		Images    int                           `json:"images"`
		Folds     []struct{ Pairs, Right int }  `json:"folds"`
	}
	if err := json.Unmarshal([]byte(stdout), &e); err != nil {
		t.Fatal(err)
	}
	for name, v := range map[string][2]float64{
		"accuracy":                        {e.Accuracy, 7. / 8},
		"standard_error":                  {e.StdErr, 1. / 8},
		"threshold":                       {e.Threshold, -1. / 3},
		"eer":                             {e.EER, 1. / 6},
		"auc":                             {e.AUC, 15. / 16},
		"TAR at " + ftoa(e.TAR[0].Target): {e.TAR[0].TAR, 1. / 2},
		"TAR at " + ftoa(e.TAR[1].Target): {e.TAR[1].TAR, 1. / 2},
		"threshold at 1e-3":               {e.TAR[1].Threshold, 2. / 3},
		"pairs":                           {float64(e.Pairs), 8},
		"images":                          {float64(e.Images), 7},
		"right in fold 1":                 {float64(e.Folds[0].Right), 4},
		"right in fold 2":                 {float64(e.Folds[1].Right), 3},
	} {
		if math.Abs(v[0]-v[1]) > 1e-6 { // float32 in the embeddings
			t.Errorf("%s is %v, want %v", name, v[0], v[1])
		}
	}
	if e.TAR[0].Target != 1e-2 || e.TAR[1].Target != 1e-3 {
		t.Errorf("FAR of %v and %v, want 1e-2 and 1e-3", e.TAR[0].Target, e.TAR[1].Target)
	}
}

func ftoa(v float64) string { return strconv.FormatFloat(v, 'g', -1, 64) }

func TestEvalErrors(t *testing.T) {
	root, model := people(t), colours(t)
	list := func(text string) string { return write(t, "pairs.txt", []byte(text)) }
	noImage := people(t)
	if err := os.Mkdir(filepath.Join(noImage, "Dan"), 0o700); err != nil {
		t.Fatal(err)
	}
	damaged := people(t)
	if err := os.WriteFile(filepath.Join(damaged, "Cid", "Cid_0002.png"), []byte("no image"), 0o600); err != nil {
		t.Fatal(err)
	}
	good := list(pairs)
	for _, c := range []struct {
		name, images, pairs string
		want                string
		more                []string
	}{
		{"no list", root, filepath.Join(root, "none.txt"), "none.txt", nil},
		{"no images", filepath.Join(root, "none"), good, "none: no such folder", nil},
		{"list of another format", root, list("Ann_0001.jpg Ann_0002.jpg 1\n"), "pairs.txt:1: not the header of a pair list", nil},
		{"list cut short", root, list("2\t2\nAnn\t1\t2\n"), "has 1 pairs of the 8", nil},
		{"image that is not there", root, list("1\nAnn\t1\t9\nAnn\t1\tBob\t1\n"), "pairs.txt:2: dataset: " + filepath.Join(root, "Ann") + ": no image 9", nil},
		{"person that is not there", root, list("1\nAnn\t1\t2\nAnn\t1\tEve\t1\n"), "pairs.txt:3: dataset: " + filepath.Join(root, "Eve"), nil},
		{"person with no image", noImage, list("1\nAnn\t1\t2\nAnn\t1\tDan\t1\n"), "a person with no image", nil},
		{"damaged image", damaged, good, "Cid_0002.png: not an image", nil},
		{"folds of the list's own", root, good, "2 folds of their own, not in 5; ask for their number or for none", []string{"--folds", "5"}},
		{"too few pairs for the folds", root, list("1\nAnn\t1\t2\nAnn\t1\tBob\t1\n"), "cannot be cut into 10 folds with some of both; ask for fewer", nil},
		{"one fold", root, good, "--folds 1: give at least 2", []string{"--folds", "1"}},
		{"argument", root, good, "no arguments", []string{"x"}},
		{"ROC to nowhere", root, good, "roc.png: no such file or directory; make the folder first", []string{"--roc", filepath.Join(root, "none", "roc.png")}},
	} {
		t.Run(c.name, func(t *testing.T) {
			args := append([]string{"eval", "--model", model, "--images", c.images, "--pairs", c.pairs}, c.more...)
			code, stdout, stderr := infer(t, args...)
			lines := strings.Split(strings.TrimSuffix(stderr, "\n"), "\n")
			last := lines[len(lines)-1]
			if code != exitTrouble || stdout != "" || !strings.HasPrefix(last, "infer: ") || !strings.Contains(last, c.want) {
				t.Errorf("exit code %d, output %q, errors %q; want %q", code, stdout, stderr, c.want)
			}
			for _, l := range lines[:len(lines)-1] {
				if !strings.HasPrefix(l, "embed: ") { // progress
					t.Errorf("line %q beside the error", l)
				}
			}
		})
	}
	// All of this is found before the images are computed: there is no progress.
	for _, more := range [][]string{{"--folds", "5"}, {"--roc", filepath.Join(root, "none", "roc.png")}, {"--roc", root}} {
		trouble(t, "", append([]string{"eval", "--model", model, "--images", root, "--pairs", good}, more...)...)
	}
	both := filepath.Join(t.TempDir(), "both.png")
	trouble(t, "--mistakes and --roc are both "+both+": name two files", "eval", "--model", model, "--images", root, "--pairs", good, "--mistakes", both, "--roc", both)
	trouble(t, "roc.txt: name a file that ends in .png or .csv", "eval", "--model", model, "--images", root, "--pairs", good, "--roc", filepath.Join(t.TempDir(), "roc.txt"))
	trouble(t, "--roc-scale square: one of linear, log", "eval", "--model", model, "--images", root, "--pairs", good, "--roc-scale", "square")
	trouble(t, "--roc-scale: name a picture of the curve with --roc", "eval", "--model", model, "--images", root, "--pairs", good, "--roc-scale", "log")
	trouble(t, "eval takes --images DIR and --pairs FILE", "eval", "--model", model, "--images", root)
}
