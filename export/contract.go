package main

import (
	"crypto/sha256"
	"fmt"
	"path/filepath"

	"github.com/sphereface-go/sphereface/internal/checkpoint"
	"github.com/sphereface-go/sphereface/internal/config"
	"github.com/sphereface-go/sphereface/internal/face"
	"github.com/sphereface-go/sphereface/internal/onnx"
	"github.com/sphereface-go/sphereface/models"
)

// trained is a network with the weights of a checkpoint.
type trained struct {
	*checkpoint.Checkpoint
	path    string
	config  config.Config
	network models.Network
	weights map[string][]float32 // of the network alone, without the head
}

// load reads a checkpoint and finds the network that its config describes.
func load(path string) (trained, error) {
	c, err := checkpoint.Load(path)
	if err != nil {
		return trained{}, err
	}
	t := trained{Checkpoint: c, path: path}
	if t.config, err = config.Parse("config in "+path, c.Config, nil); err != nil {
		return trained{}, err
	}
	if t.network, err = t.config.Network.Build(); err != nil {
		return trained{}, fmt.Errorf("config in %s: %w", path, err)
	}
	params := append(t.network.Params(), models.HeadParam(t.network.Embedding(), c.Classes))
	what := fmt.Sprintf("%s of width %g, embedding %d and %d people", t.network.Name, t.config.Network.Width, t.network.Embedding(), c.Classes)
	if err := c.Match(what, params); err != nil {
		return trained{}, fmt.Errorf("%s: %w", path, err)
	}
	t.weights = c.Weights()
	delete(t.weights, models.HeadWeight)
	return t, nil
}

// contract is what the file says of itself. Without a threshold of the user's,
// it has that of the last validation, and none if there was no validation.
func (t trained) contract(threshold *onnx.Threshold) onnx.Contract {
	c := onnx.Contract{
		Network: t.network.Name, Width: t.config.Network.Width, Embedding: t.network.Embedding(),
		CropHeight: face.CropHeight, CropWidth: face.CropWidth,
		Mean: face.PixelMean, Std: face.PixelScale,
		Template: face.Template(), Alignment: t.config.Data.Align,
		Mirror:         true, // as the trainer's validation compares faces
		Threshold:      threshold,
		TrainingData:   fmt.Sprintf("%s: %d images of %d people", t.Data, t.Images, t.Classes),
		TrainingResult: "not validated",
		ConfigSHA256:   fmt.Sprintf("%x", sha256.Sum256(t.Config)), // of the run's config.yaml
	}
	v := t.Validation
	if v == nil {
		return c
	}
	pairs := fmt.Sprintf("%d pairs of people held out of %s (%s)", v.Pairs, t.Data, v.List)
	c.TrainingResult = fmt.Sprintf("accuracy %.4f ± %.4f in %d folds, equal error rate %.4f, after epoch %d, on %s", v.Accuracy, v.StdErr, len(v.Folds), v.EER, v.Epoch, pairs)
	if threshold == nil {
		c.Threshold = &onnx.Threshold{Value: v.Threshold, FAR: v.FAR, Data: pairs}
	}
	return c
}

// notes say what the user may want to do otherwise. fromRun tells that the
// checkpoint was chosen for the user, as the last of a run.
func (t trained) notes(fromRun bool, threshold *onnx.Threshold) []string {
	var notes []string
	v := t.Validation
	switch {
	case v == nil && threshold == nil:
		notes = append(notes, fmt.Sprintf("the run was not validated, so the model has no threshold; give one with --%s, --%s and --%s", flagThreshold, flagFAR, flagData))
	case v == nil:
	case threshold == nil && (v.Epoch != t.Epoch || t.Batch > 0):
		notes = append(notes, fmt.Sprintf("the threshold was found after epoch %d, and the weights have been trained on since", v.Epoch))
	}
	if v != nil && fromRun && t.Best > v.Accuracy {
		notes = append(notes, fmt.Sprintf("an earlier checkpoint was more accurate in validation (%.4f, this one %.4f); export %s to take it", t.Best, v.Accuracy, checkpoint.Run{Dir: filepath.Dir(filepath.Dir(t.path))}.Best()))
	}
	return notes
}
