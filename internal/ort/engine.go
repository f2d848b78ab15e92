//go:build cgo

package ort

import (
	"fmt"
	"slices"
	"strings"

	onnxruntime "github.com/yalue/onnxruntime_go"
)

// engine is the model inside ONNX Runtime.
type engine struct {
	session *onnxruntime.DynamicAdvancedSession
	outputs []string
}

// start loads the library, then the model, and reads what the session says of itself.
func (s *Session) start(from source, o Options) error {
	if err := startEnvironment(o.Library); err != nil {
		return &LibraryError{err}
	}
	if !s.declared(from) {
		if err := s.ask(from); err != nil {
			return err
		}
	}
	session, err := newSession(from, names(s.inputs), names(s.outputs), o.Threads)
	if err != nil {
		return fmt.Errorf("ort: %s: ONNX Runtime cannot load it: %s: export it again, or give another model", from, oneLine(err.Error()))
	}
	if s.metadata, err = metadata(session); err != nil {
		session.Destroy()
		return fmt.Errorf("ort: %s: metadata: %s", from, oneLine(err.Error()))
	}
	s.engine = &engine{session: session, outputs: names(s.outputs)}
	return nil
}

// ask finds out the inputs and outputs, which must be known before the session is
// made: it wants their names. ONNX Runtime loads the whole model for that; a file
// without the optimisations, which take longer.
func (s *Session) ask(from source) error {
	inputs, outputs, err := ports(from)
	if err != nil {
		return fmt.Errorf("ort: %s: ONNX Runtime cannot load it: %s: export it again, or give another model", from, oneLine(err.Error()))
	}
	if s.inputs, err = convert(inputs); err == nil {
		s.outputs, err = convert(outputs)
	}
	if err != nil {
		return fmt.Errorf("ort: %s: %w", from, err)
	}
	return nil
}

func ports(from source) (inputs, outputs []onnxruntime.InputOutputInfo, err error) {
	if from.path == "" {
		return onnxruntime.GetInputOutputInfoWithONNXData(from.bytes)
	}
	options, err := onnxruntime.NewSessionOptions()
	if err != nil {
		return nil, nil, err
	}
	defer options.Destroy()
	if err := options.SetGraphOptimizationLevel(onnxruntime.GraphOptimizationLevelDisableAll); err != nil {
		return nil, nil, err
	}
	return onnxruntime.GetInputOutputInfoWithOptions(from.path, options)
}

func convert(infos []onnxruntime.InputOutputInfo) ([]Port, error) {
	converted := make([]Port, len(infos))
	for i, info := range infos {
		if info.OrtValueType != onnxruntime.ONNXTypeTensor {
			return nil, fmt.Errorf("%q is a %v; want a tensor: give another model", info.Name, info.OrtValueType)
		}
		name := strings.ToLower(strings.TrimPrefix(info.DataType.String(), "ONNX_TENSOR_ELEMENT_DATA_TYPE_"))
		if name == "float" {
			name = "float32"
		}
		converted[i] = Port{Name: info.Name, Type: name, Shape: slices.Clone([]int64(info.Dimensions))}
	}
	return converted, nil
}

func names(ports []Port) []string {
	all := make([]string, len(ports))
	for i, p := range ports {
		all[i] = p.Name
	}
	return all
}

func newSession(from source, inputs, outputs []string, threads int) (*onnxruntime.DynamicAdvancedSession, error) {
	options, err := onnxruntime.NewSessionOptions()
	if err != nil {
		return nil, err
	}
	defer options.Destroy()
	if err := options.SetIntraOpNumThreads(threads); err != nil {
		return nil, err
	}
	if from.path == "" {
		return onnxruntime.NewDynamicAdvancedSessionWithONNXData(from.bytes, inputs, outputs, options)
	}
	return onnxruntime.NewDynamicAdvancedSession(from.path, inputs, outputs, options)
}

func metadata(session *onnxruntime.DynamicAdvancedSession) (map[string]string, error) {
	m, err := session.GetModelMetadata()
	if err != nil {
		return nil, err
	}
	defer m.Destroy()
	keys, err := m.GetCustomMetadataMapKeys()
	if err != nil {
		return nil, err
	}
	values := make(map[string]string, len(keys))
	for _, key := range keys {
		if values[key], _, err = m.LookupCustomMetadataMap(key); err != nil {
			return nil, err
		}
	}
	return values, nil
}

// run computes all outputs for the one input.
func (e *engine) run(x []float32, shape []int64) ([]Tensor, error) {
	input, err := onnxruntime.NewTensor(onnxruntime.Shape(shape), x)
	if err != nil {
		return nil, fmt.Errorf("ort: input %v: %s", shape, oneLine(err.Error()))
	}
	defer input.Destroy()
	values := make([]onnxruntime.Value, len(e.outputs))
	defer func() {
		for _, v := range values {
			if v != nil {
				v.Destroy()
			}
		}
	}()
	if err := e.session.Run([]onnxruntime.Value{input}, values); err != nil {
		return nil, fmt.Errorf("ort: run with input %v: %s: export the model again, or give another one", shape, oneLine(err.Error()))
	}
	tensors := make([]Tensor, len(values))
	for i, v := range values {
		t, ok := v.(*onnxruntime.Tensor[float32])
		if !ok {
			return nil, fmt.Errorf("ort: output %q is no tensor of float32: give another model", e.outputs[i])
		}
		// The data is Go's own and outlives the value.
		tensors[i] = Tensor{Name: e.outputs[i], Shape: v.GetShape(), Data: t.GetData()}
	}
	return tensors, nil
}

func (e *engine) close() error {
	if err := e.session.Destroy(); err != nil {
		return fmt.Errorf("ort: close: %s", oneLine(err.Error()))
	}
	return nil
}
