package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/sphereface-go/sphereface/internal/onnx"
)

func checkCommand() command {
	return command{
		name: "check", arguments: "[model.onnx]", summary: "what does a model say of itself?",
		details: `Checks a model's structure, shapes and metadata and prints the contract: what a
program must know to use the model. Needs no ONNX Runtime. Exits with 2 and says
what is missing or wrong if the model is not one that export would write.`,
		flags: func(f *flags) { f.addModel() },
		run:   check,
	}
}

func check(_ context.Context, o options, stdout, _ io.Writer) error {
	if len(o.arguments) > 1 || len(o.arguments) == 1 && o.model != "" {
		return fmt.Errorf("check takes one model, got %d; see infer check --help", max(2, len(o.arguments)))
	}
	if len(o.arguments) == 1 {
		o.model = o.arguments[0]
	}
	path, err := o.modelPath()
	if err != nil {
		return err
	}
	data, err := os.ReadFile(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%s: no such file", path)
	case err != nil:
		return err
	}
	summary, err := inspect(data)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return printOut(stdout, func(to io.Writer) error {
		_, err := fmt.Fprintf(to, "%s: %s", path, summary)
		return err
	})
}

// inspect checks a model: first that it says everything, then that it is sound.
func inspect(data []byte) (string, error) {
	m, err := onnx.Decode(data)
	if err != nil {
		return "", err
	}
	contract, err := onnx.ParseContract(onnx.Metadata(m))
	if err != nil {
		return "", err
	}
	if err := onnx.Check(m); err != nil {
		return "", err
	}
	if err := onnx.CheckContract(m, contract); err != nil {
		return "", err
	}
	net, err := onnx.Recognize(m)
	if err != nil {
		return "", err
	}
	parameters := 0
	for _, p := range net.Params() {
		parameters += p.Size()
	}
	return fmt.Sprintf("sound: %s, %d parameters, %d bytes, opset %d, IR version %d\n\n%s",
		net.Name, parameters, len(data), m.OpsetImport[0].GetVersion(), m.GetIrVersion(), contract), nil
}
