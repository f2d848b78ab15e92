package main

import (
	"encoding/json"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sphereface-go/sphereface/internal/dataset"
	"github.com/sphereface-go/sphereface/internal/face"
)

// foldModels are the colour model twice, with a threshold for either fold of pairs, and
// data of the fold's number.
func foldModels(t *testing.T, thresholds ...float64) string {
	t.Helper()
	return foldModelsOf(t, func(fold int) string { return dataset.View2.Title(fold) + ": 7 images of 3 people" }, thresholds...)
}

func foldModelsOf(t *testing.T, data func(fold int) string, thresholds ...float64) string {
	t.Helper()
	dir := t.TempDir()
	for i, threshold := range thresholds {
		c := contract("sphereface4", 3)
		c.Threshold.Value = threshold
		c.TrainingData = data(i + 1)
		data, err := os.ReadFile(colourModel(t, face.CropHeight, face.CropWidth, metadata(c)))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "fold-"+string(rune('1'+i))+".onnx"), data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return filepath.Join(dir, "fold-{fold}.onnx")
}

// Each fold of pairs is judged by its own model: at 0.25 all four of fold 1 are right,
// and at 0.5 fold 2 loses Cid's pair at 1/3 and gains that of Ann and Cid. So one of four
// same pairs is rejected, and none of the different ones accepted.
func TestEvalByFolds(t *testing.T) {
	models := foldModels(t, 0.25, 0.5)
	args := []string{"eval", "--model", models, "--images", people(t), "--pairs", write(t, "pairs.txt", []byte(pairs))}
	code, stdout, stderr := infer(t, args...)
	if code != 0 {
		t.Fatalf("exit code %d, %s", code, stderr)
	}
	golden(t, "eval-folds.txt", stdout)

	code, stdout, stderr = infer(t, append(args, "--json")...)
	if code != 0 {
		t.Fatalf("exit code %d, %s", code, stderr)
	}
	var e evaluation
	if err := json.Unmarshal([]byte(stdout), &e); err != nil {
		t.Fatal(err)
	}
	d := e.Decided
	if d == nil || d.Threshold != nil || e.Model != models || e.TrainingData != "" || e.ImageCount != 7 || len(d.Folds) != 2 {
		t.Fatalf("%+v", e)
	}
	if d.Accuracy != 7./8 || math.Abs(d.StdErr-1./8) > 1e-15 || d.FAR != 0 || d.FRR != 1./4 ||
		d.Folds[0].Right != 4 || d.Folds[0].Threshold != 0.25 || d.Folds[1].Right != 3 || d.Folds[1].Threshold != 0.5 {
		t.Errorf("%+v", d)
	}
}

func TestEvalByFoldsErrors(t *testing.T) {
	images, list := people(t), write(t, "pairs.txt", []byte(pairs))
	one := write(t, "one.txt", []byte("2\nAnn\t1\t2\nBob\t1\t2\nAnn\t1\tBob\t1\nAnn\t2\tCid\t1\n"))
	missing := foldModels(t, 0.25)
	trouble(t, "fold-2.onnx: no such file; check the path given to --model", "eval", "--model", missing, "--images", images, "--pairs", list)
	trouble(t, "--model "+missing+": "+one+" has no folds: name one model", "eval", "--model", missing, "--images", images, "--pairs", one)

	seen := foldModelsOf(t, func(int) string { return "LFW, view2 without fold 1: 7 images of 3 people" }, 0.25, 0.5)
	trouble(t, strings.ReplaceAll(seen, foldMark, "2")+": may have learned from people of fold 2, which it is to judge", "eval", "--model", seen, "--images", images, "--pairs", list)
	tenth := foldModelsOf(t, func(int) string { return "LFW, view2 without fold 10: 7 images of 3 people" }, 0.25, 0.5)
	trouble(t, "may have learned from people of fold 1", "eval", "--model", tenth, "--images", images, "--pairs", list)
	// Of data other than LFW, and of other lists, nothing is known.
	elsewhere := write(t, "mine.txt", []byte(pairs))
	if code, _, stderr := infer(t, "eval", "--model", seen, "--images", images, "--pairs", elsewhere); code != 0 {
		t.Errorf("exit code %d, %s", code, stderr)
	}
	other := foldModelsOf(t, func(int) string { return "folder photos: 7 images of 3 people" }, 0.25, 0.5)
	if code, _, stderr := infer(t, "eval", "--model", other, "--images", images, "--pairs", list); code != 0 {
		t.Errorf("exit code %d, %s", code, stderr)
	}
	trouble(t, "x-{fold}.onnx: no such file; {fold} stands for a number only in --model of infer eval", "embed", "--model", "x-{fold}.onnx", filepath.Join(images, "Ann", "Ann_0001.png"))

	// A damaged model of the last fold is found before the first is asked.
	damaged := foldModels(t, 0.25, 0.5)
	if err := os.WriteFile(strings.ReplaceAll(damaged, foldMark, "2"), []byte("no model"), 0o600); err != nil {
		t.Fatal(err)
	}
	trouble(t, "fold-2.onnx: ", "eval", "--model", damaged, "--images", images, "--pairs", list)
}

// A model without a threshold is judged by those of the protocol alone.
func TestEvalWithoutAThreshold(t *testing.T) {
	c := contract("sphereface4", 3)
	c.Threshold = nil
	model := colourModel(t, face.CropHeight, face.CropWidth, metadata(c))
	code, stdout, stderr := infer(t, "eval", "--model", model, "--images", people(t), "--pairs", write(t, "pairs.txt", []byte(pairs)))
	if code != 0 || strings.Contains(stdout, "as the model decides") || !strings.Contains(stdout, "accuracy             0.8750") {
		t.Errorf("exit code %d, %s%s", code, stdout, stderr)
	}
}

// The sheet has the pairs that are judged wrong, the worst first.
func TestEvalMistakes(t *testing.T) {
	sheet := filepath.Join(t.TempDir(), "mistakes.png")
	images, list := people(t), write(t, "pairs.txt", []byte(pairs))
	code, stdout, stderr := infer(t, "eval", "--model", colours(t), "--images", images, "--pairs", list, "--mistakes", sheet)
	if code != 0 {
		t.Fatalf("exit code %d, %s", code, stderr)
	}
	golden(t, "eval.txt", stdout)
	f, err := os.Open(sheet)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	img, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	// At 0.25 Ann 3 and Cid 1, yellow and white, are taken for one person, and nobody for
	// two.
	yellow := 0
	for y := img.Bounds().Min.Y; y < img.Bounds().Max.Y; y++ {
		for x := img.Bounds().Min.X; x < img.Bounds().Max.X; x++ {
			if r, g, b, _ := img.At(x, y).RGBA(); r == 0xffff && g == 0xffff && b == 0 {
				yellow++
			}
		}
	}
	if yellow != 96*112 {
		t.Errorf("%d yellow pixels, want those of one crop", yellow)
	}
	one := filepath.Join(images, "Ann", "Ann_0001.png")
	trouble(t, "--mistakes "+one+": would replace "+one, "eval", "--model", colours(t), "--images", images, "--pairs", list, "--mistakes", one)
}
