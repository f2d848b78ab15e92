package sphereface

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/sphereface-go/sphereface/internal/face"
	"github.com/sphereface-go/sphereface/internal/onnx"
	"github.com/sphereface-go/sphereface/internal/ort"
)

// ErrNoThreshold is the error of comparing with a model that has no threshold.
var ErrNoThreshold = errors.New(`the model has no decision threshold: supply one as "threshold" in Options.Metadata, or find it with infer eval`)

// readContract reads the metadata, completed and replaced by what the options say.
// The error lists all that is missing, of the threshold only its value and only if
// it is needed.
func readContract(metadata map[string]string, o Options) (onnx.Contract, error) {
	for key := range o.Metadata {
		if keys := onnx.Keys(); !slices.Contains(keys, key) {
			return onnx.Contract{}, fmt.Errorf("Options.Metadata: there is no key %q: one of %s", key, strings.Join(keys, ", "))
		}
	}
	all := make(map[string]string)
	if o.AssumeSphereFace {
		all = assumed()
	}
	maps.Copy(all, metadata)
	maps.Copy(all, o.Metadata)
	contract, err := onnx.ParseContract(all)
	var problems *onnx.ContractError
	if errors.As(err, &problems) {
		// A nil error has no type, so that problems would stay what they are.
		problems, _ = errors.AsType[*onnx.ContractError](problems.ForInference())
	}
	noThreshold := o.NeedThreshold && contract.Threshold == nil
	switch {
	case problems == nil && noThreshold:
		return contract, ErrNoThreshold
	case problems == nil:
		return contract, nil
	case noThreshold:
		problems.Missing = append(problems.Missing, "threshold")
	}
	if !problems.Ours {
		problems.Remedy = "the model was not exported by sphereface, so give these values yourself in Options.Metadata, or all but the threshold by Options.AssumeSphereFace"
	}
	return contract, problems
}

// assumed is this project's own metadata, but for the threshold and for what says
// where a model comes from.
func assumed() map[string]string {
	own := onnx.Contract{
		CropHeight: face.CropHeight, CropWidth: face.CropWidth,
		Mean: face.PixelMean, Std: face.PixelScale,
		Template: face.Template(), Alignment: string(face.AlignDetect), Mirror: true,
	}
	_, err := onnx.ParseContract(nil)
	problems, _ := errors.AsType[*onnx.ContractError](err)
	problems, _ = errors.AsType[*onnx.ContractError](problems.ForInference())
	all := make(map[string]string)
	for _, kv := range own.Metadata() {
		if slices.Contains(problems.Missing, kv.Key) {
			all[kv.Key] = kv.Value
		}
	}
	return all
}

// supported refuses pre-processing that this program does not have.
func supported(c onnx.Contract) error {
	if c.CropHeight != face.CropHeight || c.CropWidth != face.CropWidth {
		return fmt.Errorf("the model wants crops of %d rows and %d columns, but this package cuts %d by %d: use a model of that size", c.CropHeight, c.CropWidth, face.CropHeight, face.CropWidth)
	}
	if c.Template != face.Template() {
		return fmt.Errorf("the model wants faces aligned to the points %v, but this package aligns to %v: use a model that was trained with these", c.Template, face.Template())
	}
	return face.Alignment(c.Alignment).Validate()
}

// mostValues bounds the embedding of a view: what a model declares is not yet computed.
const mostValues = 1 << 16

// checkShapes compares the graph's outside with the contract.
func (m *Model) checkShapes() error {
	inputs, outputs := m.session.Inputs(), m.session.Outputs()
	c := m.contract
	want := []int64{3, int64(c.CropHeight), int64(c.CropWidth)}
	if len(inputs) != 1 || inputs[0].Type != "float32" || len(inputs[0].Shape) != 4 || !slices.Equal(inputs[0].Shape[1:], want) {
		return fmt.Errorf("the model takes %s, want one input float32 N×3×%d×%d: export it again, or use another model", ports(inputs), c.CropHeight, c.CropWidth)
	}
	m.output = max(0, slices.IndexFunc(outputs, func(p ort.Port) bool { return p.Name == onnx.OutputName }))
	if len(outputs) == 0 {
		return errors.New("the model has no output: export it again, or use another model")
	}
	out := outputs[m.output]
	if out.Type != "float32" || len(out.Shape) != 2 || out.Shape[1] < 1 || out.Shape[1] > mostValues {
		return fmt.Errorf("the model gives %s, want an embedding float32 N×E: export it again, or use another model", out)
	}
	m.values = int(out.Shape[1])
	if c.Embedding != 0 && c.Embedding != m.values {
		return fmt.Errorf("the model gives %s, but its metadata says embedding_size %d: export it again", out, c.Embedding)
	}
	return nil
}

func ports(list []ort.Port) string {
	var texts []string
	for _, p := range list {
		texts = append(texts, p.String())
	}
	return cmp.Or(strings.Join(texts, ", "), "nothing")
}
