package main

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"

	"github.com/sphereface-go/sphereface/internal/face"
	"github.com/sphereface-go/sphereface/internal/onnx"
	"github.com/sphereface-go/sphereface/internal/ort"
)

// model is an .onnx file that is ready to compute features.
type model struct {
	path      string
	contract  onnx.Contract
	session   *ort.Session
	output    int  // index of the embedding among the session's outputs
	embedding int  // values of one embedding
	judgeAll  bool // whether a photo without a face is cut by the fixed frame; otherwise it is an error
}

// openModel loads the model and makes sure that this program can do what its
// metadata asks for, which is a threshold, too, if it is to decide. The caller
// closes it.
func openModel(o options, decide bool) (*model, error) {
	path, err := o.modelPath()
	if err != nil {
		return nil, err
	}
	session, err := ort.Open(path, ort.Options{Library: o.library, Threads: o.threads})
	if err != nil {
		return nil, diagnose(path, err)
	}
	m := &model{path: path, session: session}
	if m.contract, err = readContract(session.Metadata(), o, decide); err == nil {
		if err = supported(m.contract); err == nil {
			err = m.checkShapes()
		}
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("%s: %w", path, err), session.Close())
	}
	return m, nil
}

// diagnose says what is wrong with a model that ONNX Runtime does not load or run:
// our own reader tells damage apart, and knows what our own models hold.
func diagnose(path string, err error) error {
	if library := (*ort.LibraryError)(nil); errors.As(err, &library) {
		return err
	}
	data, readErr := os.ReadFile(path)
	if readErr != nil || len(data) == 0 {
		return err
	}
	m, decodeErr := onnx.Decode(data)
	if decodeErr != nil {
		return fmt.Errorf("%s: %w", path, decodeErr)
	}
	if _, ours := onnx.Metadata(m)["contract"]; ours {
		if checkErr := onnx.Check(m); checkErr != nil {
			return fmt.Errorf("%s: %w: export the model again", path, checkErr)
		}
	}
	return err
}

// readContract reads the metadata, completed and replaced by what the flags say.
// The error lists all that is missing, of the threshold only its value and only if
// the model is to decide.
func readContract(metadata map[string]string, o options, decide bool) (onnx.Contract, error) {
	all := make(map[string]string)
	if o.assume {
		own := onnx.Contract{
			CropHeight: face.CropHeight, CropWidth: face.CropWidth,
			Mean: face.PixelMean, Std: face.PixelScale,
			Template: face.Template(), Alignment: string(face.AlignFixed), Mirror: true,
		}
		for _, kv := range own.Metadata() {
			if slices.ContainsFunc(metadataFlags, func(m struct{ key, usage string }) bool { return m.key == kv.Key }) {
				all[kv.Key] = kv.Value
			}
		}
	}
	maps.Copy(all, metadata)
	maps.Copy(all, o.supplied)
	contract, err := onnx.ParseContract(all)
	if problems, ok := errors.AsType[*onnx.ContractError](err); ok {
		err = problems.ForInference()
	}
	problems, _ := errors.AsType[*onnx.ContractError](err)
	noThreshold := decide && contract.Threshold == nil
	switch {
	case problems == nil && noThreshold:
		return contract, errors.New("the metadata has no decision threshold: give one with --threshold, or find it with infer eval")
	case problems == nil:
		return contract, nil
	case noThreshold:
		problems.Missing = append(problems.Missing, "threshold")
	}
	if !problems.Ours {
		own := "this project's own"
		if noThreshold {
			own += " for all but the threshold"
		}
		problems.Remedy = "the model was not exported by sphereface, so give these values yourself with the flags of these names (--pixel-mean and so on), or take " + own + " with --assume-sphereface"
	}
	return contract, problems
}

// supported refuses pre-processing that this program does not have.
func supported(c onnx.Contract) error {
	if c.CropHeight != face.CropHeight || c.CropWidth != face.CropWidth {
		return fmt.Errorf("the model wants crops of %d rows and %d columns, but this program cuts %d by %d: use a model of that size", c.CropHeight, c.CropWidth, face.CropHeight, face.CropWidth)
	}
	if c.Template != face.Template() {
		return fmt.Errorf("the model wants faces aligned to the points %v, but this program aligns to %v: use a model that was trained with these", c.Template, face.Template())
	}
	return face.Alignment(c.Alignment).Validate()
}

// checkShapes compares the graph's outside with the contract.
func (m *model) checkShapes() error {
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
	if out.Type != "float32" || len(out.Shape) != 2 || out.Shape[1] < 1 {
		return fmt.Errorf("the model gives %s, want an embedding float32 N×E: export it again, or use another model", out)
	}
	m.embedding = int(out.Shape[1])
	if c.Embedding != 0 && c.Embedding != m.embedding {
		return fmt.Errorf("the model gives %s, but its metadata says embedding_size %d: export it again", out, c.Embedding)
	}
	return nil
}

func ports(list []ort.Port) string {
	text := "nothing"
	for i, p := range list {
		if i == 0 {
			text = p.String()
		} else {
			text += ", " + p.String()
		}
	}
	return text
}

// feature is the number of values of a feature.
func (m *model) feature() int {
	if m.contract.Mirror {
		return 2 * m.embedding
	}
	return m.embedding
}

func (m *model) close() error { return m.session.Close() }
