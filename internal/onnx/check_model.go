package onnx

import (
	"errors"
	"fmt"
	"regexp"
	"unicode/utf8"

	"github.com/sphereface-go/sphereface/internal/onnx/pb"
)

// The versions whose definitions of our operators were compared and agree on
// float32: from IR version 4, which lets initialisers be no inputs, and opset 9.
const (
	newestIRVersion = 14
	newestOpset     = 28
)

// maxName bounds a name, and with it an error's length.
const maxName = 200

// checkModel checks what is outside the graph and gives the opset.
func checkModel(m *pb.ModelProto) (opset int64, err error) {
	if m.Graph == nil {
		return 0, errors.New("onnx: the model has no graph")
	}
	if err := checkKnown(m.ProtoReflect()); err != nil {
		return 0, err
	}
	if v := m.GetIrVersion(); v < IRVersion || v > newestIRVersion {
		return 0, fmt.Errorf("onnx: IR version %d: want %d to %d", v, IRVersion, newestIRVersion)
	}
	if len(m.OpsetImport) != 1 {
		return 0, fmt.Errorf("onnx: the model imports %d operator sets, want one", len(m.OpsetImport))
	}
	o := m.OpsetImport[0]
	if d := o.GetDomain(); d != "" && d != "ai.onnx" {
		return 0, fmt.Errorf("onnx: the model imports the operator set %q, want ONNX's own", d)
	}
	if v := o.GetVersion(); v < Opset || v > newestOpset {
		return 0, fmt.Errorf("onnx: opset %d: want %d to %d", v, Opset, newestOpset)
	}
	if m.GetProducerName() == "" {
		return 0, errors.New("onnx: the model does not name its producer")
	}
	seen := make(map[string]bool)
	for _, p := range m.MetadataProps {
		key := p.GetKey()
		switch {
		case key == "":
			return 0, errors.New("onnx: a metadata entry has no key")
		case seen[key]:
			return 0, fmt.Errorf("onnx: metadata key %s is there twice", key)
		case !utf8.ValidString(key) || !utf8.ValidString(p.GetValue()):
			return 0, fmt.Errorf("onnx: metadata entry %.60q is no UTF-8 text", key)
		}
		seen[key] = true
	}
	for _, s := range []string{m.GetDocString(), m.Graph.GetDocString(), m.GetProducerName(), m.GetProducerVersion(), m.GetDomain()} {
		if !utf8.ValidString(s) {
			return 0, fmt.Errorf("onnx: %.60q is no UTF-8 text", s)
		}
	}
	return o.GetVersion(), checkName("graph name", m.Graph.GetName())
}

// identifier is C90's: the ONNX IR wants it of every name in a graph.
var identifier = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

func checkName(what, name string) error {
	if name == "" {
		return fmt.Errorf("onnx: %s is empty", what)
	}
	if !identifier.MatchString(name) || len(name) > maxName {
		return fmt.Errorf("onnx: %s %s is no C identifier of at most %d letters", what, label(name), maxName)
	}
	return nil
}

// label is a name as an error shows it: quoted and cut unless it is a short identifier.
func label(name string) string {
	if identifier.MatchString(name) && len(name) <= 60 {
		return name
	}
	return fmt.Sprintf("%.60q", name)
}
