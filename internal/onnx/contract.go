package onnx

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// ContractVersion is the value of the key "contract": the format of the
// metadata. The number rises when a reader of the old one would go wrong.
const ContractVersion = "sphereface/1"

// What format 1 fixes. The file says it, so that a consumer need not know the format.
const (
	Layout        = "NCHW"     // order of the input's dimensions
	PixelFormat   = "RGB"      // order of the channels
	PixelRange    = "[0,255]"  // of a pixel value before normalisation
	Interpolation = "bilinear" // sampling of the photo under the alignment's transform
	Metric        = "cosine"   // what compares two features
)

// Contract is everything that a consumer of a model has to know and cannot see
// in the graph. It is the file's metadata; docs/onnx.md documents each key.
type Contract struct {
	// Network and Width name the member of the family: see [models.New].
	Network string
	Width   float64
	// Embedding is the number of elements of the output for one crop.
	Embedding int

	// CropHeight and CropWidth are the size of the aligned crop in pixels.
	CropHeight, CropWidth int
	// Mean and Std normalise a pixel value v of 0 to 255: (v − Mean) / Std.
	Mean, Std float64
	// Template are the points that alignment brings a face to, each x, y in crop
	// pixels: left eye, right eye, nose, left and right corner of the mouth, as
	// the viewer sees them.
	Template [5][2]float64
	// Alignment names the way the training crops were cut: see face.Alignment.
	Alignment string

	// Mirror tells whether a face's feature is the embedding of the crop
	// followed by that of its horizontal mirror, or the former alone.
	Mirror bool
	// Threshold is the calibrated decision, nil where there is none.
	Threshold *Threshold

	// TrainingData and TrainingResult say in a line each what the network
	// learned from and how well it did.
	TrainingData, TrainingResult string
	// ConfigSHA256 is the hash of the resolved training configuration, 64
	// lower-case hexadecimal digits.
	ConfigSHA256 string
}

// Threshold is a decision rule: the same person iff the similarity of the two
// features is at least Value.
type Threshold struct {
	// Value is a cosine, −1 to 1.
	Value float64
	// FAR is the share of pairs of different people that Value accepts on Data.
	FAR float64
	// Data says in a line which pairs Value was calibrated on.
	Data string
}

// KeyValue is one entry of a file's metadata.
type KeyValue struct{ Key, Value string }

// Keys are those that a contract may have, in the order of docs/onnx.md.
func Keys() []string {
	var keys []string
	for _, f := range contractFields {
		keys = append(keys, f.key)
	}
	return keys
}

// Metadata is the contract as the file keeps it, sorted by key. The keys of an
// absent threshold are left out.
func (c Contract) Metadata() []KeyValue {
	var list []KeyValue
	for _, f := range contractFields {
		if !f.threshold || c.Threshold != nil {
			list = append(list, KeyValue{f.key, f.get(&c)})
		}
	}
	slices.SortFunc(list, func(a, b KeyValue) int { return strings.Compare(a.Key, b.Key) })
	return list
}

// Validate reports every field that has no value or a wrong one, as [ParseContract] does.
func (c Contract) Validate() error {
	meta := make(map[string]string)
	for _, kv := range c.Metadata() {
		if kv.Value != "" {
			meta[kv.Key] = kv.Value
		}
	}
	_, err := ParseContract(meta)
	var problems *ContractError
	if errors.As(err, &problems) {
		problems.Remedy = "fill these in before the model is written"
	}
	return err
}

// ParseContract reads a file's metadata. Keys that it does not know are left
// alone: other tools may add theirs. If keys are missing or invalid the error is
// a [*ContractError] that lists them all, and the contract holds the rest. A
// threshold may be absent, but not in parts.
func ParseContract(meta map[string]string) (Contract, error) {
	var c Contract
	var problems ContractError
	_, problems.Ours = meta["contract"]
	var threshold Threshold
	c.Threshold = &threshold
	var thresholdKeys, missingThreshold []string
	for _, f := range contractFields {
		value, ok := meta[f.key]
		switch {
		case !ok && f.threshold:
			missingThreshold = append(missingThreshold, f.key)
			continue
		case !ok:
			problems.Missing = append(problems.Missing, f.key)
			continue
		case f.threshold:
			thresholdKeys = append(thresholdKeys, f.key)
		}
		if err := f.set(&c, value); err != nil {
			problems.Invalid = append(problems.Invalid, InvalidKey{f.key, value, err.Error()})
		}
	}
	if len(thresholdKeys) == 0 {
		c.Threshold = nil
	} else {
		problems.Missing = append(problems.Missing, missingThreshold...)
	}
	if len(problems.Missing)+len(problems.Invalid) > 0 {
		return c, &problems
	}
	return c, nil
}

// String is the contract for people: a line a key, in the order of docs/onnx.md,
// with what the key means. It ends with a newline.
func (c Contract) String() string {
	var b strings.Builder
	for _, f := range contractFields {
		value := "(none)"
		if !f.threshold || c.Threshold != nil {
			value = f.get(&c)
		}
		fmt.Fprintf(&b, "%-16s %-*s  %s\n", f.key, valueColumn, value, f.meaning)
	}
	return b.String()
}

// MarshalJSON is the contract as an object: the keys and values of the metadata in
// the order of docs/onnx.md, numbers, arrays and truth values as such and not as
// text. The keys of an absent threshold are left out.
func (c Contract) MarshalJSON() ([]byte, error) {
	object := []byte("{")
	for _, f := range contractFields {
		if f.threshold && c.Threshold == nil {
			continue
		}
		value := []byte(f.get(&c))
		if !f.json {
			var err error
			if value, err = json.Marshal(string(value)); err != nil {
				return nil, err
			}
		}
		if len(object) > 1 {
			object = append(object, ',')
		}
		object = append(strconv.AppendQuote(object, f.key), ':')
		object = append(object, value...)
	}
	return append(object, '}'), nil
}

// valueColumn is the width of most values; longer ones push the meaning aside.
const valueColumn = 14

// doc is the contract in prose, for the file's doc_string.
func (c Contract) doc() string {
	feature := "The feature of a face is the embedding of its crop"
	if c.Mirror {
		feature += " followed by the embedding of the crop's horizontal mirror"
	}
	return fmt.Sprintf("Face embedding, %s. Input %s: aligned face crops, %s, float32 [%s,3,%d,%d], x = (v - %s) / %s of an 8-bit value v. "+
		"Output %s: [%s,%d]. %s; two features are compared by %s, and it is the same person if that is at least the metadata's threshold.",
		c.Network, InputName, PixelFormat, BatchDim, c.CropHeight, c.CropWidth, number(c.Mean), number(c.Std),
		OutputName, BatchDim, c.Embedding, feature, Metric)
}
