package onnx

import (
	"fmt"
	"strings"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/reflect/protoreflect"
)

// checkKnown reports a field that the schema does not name, at any depth: this
// package could not vouch for a model with parts that it does not see.
func checkKnown(m protoreflect.Message) error {
	if unknown := m.GetUnknown(); len(unknown) > 0 {
		number, _, _ := protowire.ConsumeTag(unknown)
		return fmt.Errorf("onnx: %s has field %d, which sphereface does not write", m.Descriptor().Name(), number)
	}
	var err error
	m.Range(func(f protoreflect.FieldDescriptor, v protoreflect.Value) bool {
		switch {
		case f.Kind() != protoreflect.MessageKind:
		case f.IsList():
			list := v.List()
			for i := 0; i < list.Len() && err == nil; i++ {
				err = checkKnown(list.Get(i).Message())
			}
		default:
			err = checkKnown(v.Message())
		}
		return err == nil
	})
	return err
}

// trimPackage is the error's text without this package's prefix, for use inside another error.
func trimPackage(err error) string { return strings.TrimPrefix(err.Error(), "onnx: ") }
