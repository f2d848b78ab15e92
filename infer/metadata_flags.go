package main

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/sphereface-go/sphereface/internal/face"
	"github.com/sphereface-go/sphereface/internal/onnx"
)

// metadataFlags supply what a model of another maker does not say, or replace what
// a model says. Their names are the metadata's keys with dashes.
var metadataFlags = []struct{ key, usage string }{
	{"threshold", "same person if the similarity is at least this `COSINE`, -1 to 1 (default: the model's)"},
	{"mirror", "whether the mirror image's embedding is compared, too"},
	{"alignment", "`NAME` of the way from photo to crop: " + alignments()},
	{"input_layout", "`ORDER` of the input's dimensions: " + onnx.Layout},
	{"pixel_format", "`ORDER` of the channels: " + onnx.PixelFormat},
	{"pixel_range", "`RANGE` of pixel values before normalisation: " + onnx.PixelRange},
	{"pixel_mean", "`VALUE` that is subtracted from a pixel"},
	{"pixel_std", "`VALUE` that the difference is divided by"},
	{"crop_height", "rows of the crop, in `PIXELS`"},
	{"crop_width", "columns of the crop, in `PIXELS`"},
	{"crop_template", "`[[x,y],...]` of eyes, nose and corners of the mouth in the crop"},
	{"interpolation", "`NAME` of the sampling of the photo: " + onnx.Interpolation},
	{"metric", "`NAME` of the similarity: " + onnx.Metric},
}

func alignments() string {
	var names []string
	for _, a := range face.Alignments() {
		names = append(names, string(a))
	}
	return strings.Join(names, ", ")
}

func flagName(key string) string { return strings.ReplaceAll(key, "_", "-") }

func (f *flags) addThreshold() { f.String("threshold", "", metadataFlags[0].usage) }

// addMetadata adds the other flags of metadataFlags.
func (f *flags) addMetadata() {
	f.supply.Bool("assume-sphereface", false, "take this project's own for all that the model does not say")
	for _, m := range metadataFlags[1:] {
		if m.key == "mirror" {
			f.supply.Bool("mirror", false, m.usage)
		} else {
			f.supply.String(flagName(m.key), "", m.usage)
		}
	}
}

// validateSupplied checks the values that stand for metadata.
func (o *options) validateSupplied() error {
	for _, m := range metadataFlags {
		value, ok := o.supplied[m.key]
		if !ok {
			continue
		}
		var problems *onnx.ContractError
		_, err := onnx.ParseContract(map[string]string{m.key: value})
		if errors.As(err, &problems) && len(problems.Invalid) > 0 {
			return fmt.Errorf("--%s %s: %s", flagName(m.key), strconv.Quote(value), problems.Invalid[0].Want)
		}
	}
	return nil
}
