package main

import (
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/sphereface-go/sphereface/internal/augment"
	"github.com/sphereface-go/sphereface/internal/checkpoint"
	"github.com/sphereface-go/sphereface/internal/config"
	"github.com/sphereface-go/sphereface/internal/dataset"
	"github.com/sphereface-go/sphereface/internal/face"
)

// TestAugmentationReachesTheBatches compares the batches that a session trains on
// with crops that are augmented here as the config says.
func TestAugmentationReachesTheBatches(t *testing.T) {
	for _, a := range []struct {
		config config.Augment
		want   augment.Options
	}{
		{},
		{config.Augment{Mirror: true}, augment.Options{Mirror: true}},
		{config.Augment{Mirror: true, Shift: 2}, augment.Options{Mirror: true, Shift: 2}},
		{
			config.Augment{Shift: 3, Rotate: 10, Scale: 0.2, Brightness: 0.3, Contrast: 0.4, Saturation: 0.5, Grey: 0.6, Erase: 0.7},
			augment.Options{Shift: 3, Rotate: 10, Scale: 0.2, Brightness: 0.3, Contrast: 0.4, Saturation: 0.5, Grey: 0.6, Erase: 0.7},
		},
	} {
		c, err := config.Parse("test.yaml", []byte(tiny), nil)
		if err != nil {
			t.Fatal(err)
		}
		c.Augment = a.config
		s, err := newSession(t.Context(), c, io.Discard)
		if err != nil {
			t.Fatal(err)
		}
		defer s.close()
		other, err := dataset.NewLoader(s.faces.Train, dataset.LoaderOptions{BatchSize: c.Train.Batch, Seed: c.Seed, Augment: a.want})
		if err != nil {
			t.Fatal(err)
		}
		order := s.loader.Order(1)
		want := make([]float32, face.CropSize)
		for b, err := range s.loader.Epoch(t.Context(), 1, 0) {
			if err != nil {
				t.Fatal(err)
			}
			for k := range b.N {
				i := order[c.Train.Batch*b.Index+k]
				crop, err := s.faces.Train.Crop(i)
				if err != nil {
					t.Fatal(err)
				}
				other.Change(1, i).Tensor(want, crop)
				if !slices.Equal(b.X[k*face.CropSize:][:face.CropSize], want) {
					t.Fatalf("%+v: batch %d, image %d is not augmented as the config says", a.config, b.Index, k)
				}
			}
		}
	}
}

// TestOneProcessARun resumes a run that another process is training: it is told
// so, and the other one goes on; when that one is killed, the run is free.
func TestOneProcessARun(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	r := checkpoint.Run{Dir: dir}
	file := writeConfig(t, tiny)
	cmd := child(t, "--config", file, "--run", dir, "--train.epochs", "200", "--validation.every", "0")
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	waitFor(t, cmd, r.Last(), func(c *checkpoint.Checkpoint) bool { return c.Step > 0 })
	wantError(t, []string{"--resume", dir}, "another train is writing to "+dir)
	wantError(t, []string{"--config", file, "--run", dir, "--overwrite"}, "another train is writing to "+dir)
	state, err := checkpoint.Load(r.Last())
	if err != nil {
		t.Fatal(err)
	}
	waitFor(t, cmd, r.Last(), func(c *checkpoint.Checkpoint) bool { return c.Step > state.Step+1 })
	if err := cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // says that it was killed
	if state, err = checkpoint.Load(r.Last()); err != nil {
		t.Fatal(err)
	}
	mustRun(t, "--resume", dir, "--train.epochs", "1")
}

// TestOtherData resumes with an image of another name.
func TestOtherData(t *testing.T) {
	root := filepath.Join(t.TempDir(), "faces")
	made := filepath.Join(t.TempDir(), "made")
	mustRun(t, "--config", writeConfig(t, tiny), "--run", made, "--train.epochs", "1", "--data.holdout", "0.6")
	if err := os.CopyFS(root, os.DirFS(checkpoint.Run{Dir: made}.Faces())); err != nil {
		t.Fatal(err)
	}
	file := writeConfig(t, strings.Replace(tiny, "source: synthetic, holdout: 0.3, people: 14, images: 3",
		"source: folder, cache: memory, holdout: 0, root: "+root, 1))
	dir := filepath.Join(t.TempDir(), "run")
	mustRun(t, "--config", file, "--run", dir, "--validation.every", "0", "--train.epochs", "1")
	moved := root + "-moved"
	if err := os.Rename(root, moved); err != nil {
		t.Fatal(err)
	}
	mustRun(t, "--resume", dir, "--data.root", moved, "--train.epochs", "2")
	people, err := os.ReadDir(moved)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(filepath.Join(moved, people[0].Name()), filepath.Join(moved, "Somebody_Else")); err != nil {
		t.Fatal(err)
	}
	wantError(t, []string{"--resume", dir, "--data.root", moved, "--train.epochs", "3"},
		"it was trained on other images than the data hold now", "bring back the data as they were, or start another run")
}
