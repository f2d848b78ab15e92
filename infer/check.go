package main

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/sphereface-go/sphereface/internal/face"
	"github.com/sphereface-go/sphereface/internal/onnx"
)

func checkCommand() command {
	return command{
		name: "check", arguments: "[model.onnx]", summary: "what does a model say of itself?",
		details: `Checks a model's structure, shapes, metadata and weights and prints the contract:
what a program must know to use the model. Needs no ONNX Runtime. Exits with 2 and
says what is missing or wrong if the model is not one that export would write.

With --json it prints model, network, parameters and bytes (their numbers), opset,
ir_version, and in contract the metadata, numbers and lists as such and not as text.`,
		flags: func(f *flags) { f.addModel(); f.addJSON() },
		run:   check,
	}
}

func check(_ context.Context, o options, stdout, _ io.Writer) error {
	if len(o.arguments) > 1 || len(o.arguments) == 1 && o.model != "" {
		return fmt.Errorf("check takes one model, got %d; see infer check --help", max(2, len(o.arguments)))
	}
	var file modelFile
	var err error
	if len(o.arguments) == 1 {
		file, err = existing(o.arguments[0], "of the model")
	} else {
		file, err = o.modelFile()
	}
	if err != nil {
		return err
	}
	data, err := file.read()
	if err != nil {
		return err
	}
	result, err := inspect(data)
	if err != nil {
		return fmt.Errorf("%s: %w", file.path, err)
	}
	result.Model = file.path
	return printResult(stdout, o.json, result, result.String())
}

// inspection is what check finds, and its JSON.
type inspection struct {
	Model      string        `json:"model"`
	Network    string        `json:"network"`
	Parameters int           `json:"parameters"`
	Bytes      int           `json:"bytes"`
	Opset      int64         `json:"opset"`
	IRVersion  int64         `json:"ir_version"`
	Contract   onnx.Contract `json:"contract"`
}

// inspect checks a model: first that it says everything, then that it is sound.
func inspect(data []byte) (i inspection, err error) {
	m, err := onnx.Decode(data)
	if err != nil {
		return i, err
	}
	i.Contract, err = onnx.ParseContract(onnx.Metadata(m))
	if problems, ok := errors.AsType[*onnx.ContractError](err); ok && !problems.Ours {
		problems.Remedy = "the model was not exported by sphereface: verify, embed and eval take what it does not say as flags, see infer verify --help"
	}
	if err != nil {
		return i, err
	}
	if err := face.Alignment(i.Contract.Alignment).Validate(); err != nil {
		return i, fmt.Errorf("metadata key alignment: %w", err)
	}
	if t := face.Template(); i.Contract.Template != t {
		return i, fmt.Errorf("metadata key crop_template: %v, but infer aligns faces to %v", i.Contract.Template, t)
	}
	if err := onnx.Check(m); err != nil {
		return i, fmt.Errorf("%w: export the model again", err)
	}
	if err := onnx.CheckContract(m, i.Contract); err != nil {
		return i, err
	}
	net, err := onnx.Recognize(m)
	if err != nil {
		return i, err
	}
	if err := onnx.CheckWeights(m, net); err != nil {
		return i, err
	}
	for _, p := range net.Params() {
		i.Parameters += p.Size()
	}
	i.Network, i.Bytes = net.Name, len(data)
	i.Opset, i.IRVersion = m.OpsetImport[0].GetVersion(), m.GetIrVersion()
	return i, nil
}

// String is the inspection for people.
func (i inspection) String() string {
	return fmt.Sprintf("%s: sound: %s, %d parameters, %d bytes, opset %d, IR version %d\n\n%s",
		i.Model, i.Network, i.Parameters, i.Bytes, i.Opset, i.IRVersion, i.Contract)
}
