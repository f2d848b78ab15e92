package onnx

import (
	"errors"
	"fmt"
	"io"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"

	"github.com/sphereface-go/sphereface/internal/onnx/pb"
)

// Decode reads the bytes of an .onnx file. The error is one line that tells an
// empty file, a truncated one and one of another kind apart; the caller adds
// the file's name. What was decoded is complete but unchecked: see [Check].
func Decode(data []byte) (*pb.ModelProto, error) {
	if len(data) == 0 {
		return nil, errors.New("onnx: the file has 0 bytes: export the model again")
	}
	if err := scan(data); err != nil {
		return nil, err
	}
	m := new(pb.ModelProto)
	if err := proto.Unmarshal(data, m); err != nil {
		return nil, fmt.Errorf("onnx: the file is damaged: export the model again, or copy it again: %w", err)
	}
	if m.IrVersion == nil || m.Graph == nil || len(m.OpsetImport) == 0 {
		return nil, fmt.Errorf("onnx: the file has no %s: it is truncated or no ONNX model: export the model again, or copy it again", missingPart(m))
	}
	return m, nil
}

func missingPart(m *pb.ModelProto) string {
	switch {
	case m.IrVersion == nil:
		return "IR version"
	case m.Graph == nil:
		return "graph"
	}
	return "opset"
}

// modelFields are the wire types of ModelProto's fields in the public schema,
// including those that this project does not read.
var modelFields = map[protowire.Number]protowire.Type{
	1: protowire.VarintType, 2: protowire.BytesType, 3: protowire.BytesType, 4: protowire.BytesType,
	5: protowire.VarintType, 6: protowire.BytesType, 7: protowire.BytesType, 8: protowire.BytesType,
	14: protowire.BytesType, 20: protowire.BytesType, 25: protowire.BytesType, 26: protowire.BytesType,
}

// scan walks the fields of the outermost message, which tells a file that was
// cut short from one that never was a model.
func scan(data []byte) error {
	for rest := data; len(rest) > 0; {
		number, kind, n := protowire.ConsumeTag(rest)
		if want, ok := modelFields[number]; n >= 0 && (!ok || kind != want) {
			return fmt.Errorf("onnx: this is no ONNX model (byte %d does not begin a part of one): give the .onnx file that export wrote", len(data)-len(rest))
		}
		if n >= 0 {
			if m := protowire.ConsumeFieldValue(number, kind, rest[n:]); m >= 0 {
				n += m
			} else {
				n = m
			}
		}
		if err := protowire.ParseError(n); errors.Is(err, io.ErrUnexpectedEOF) {
			return fmt.Errorf("onnx: the file is truncated after %d bytes: export the model again, or copy it again", len(data))
		} else if err != nil {
			return fmt.Errorf("onnx: this is no ONNX model (byte %d): give the .onnx file that export wrote: %w", len(data)-len(rest), err)
		}
		rest = rest[n:]
	}
	return nil
}

// Metadata is the model's metadata as a map, for [ParseContract].
func Metadata(m *pb.ModelProto) map[string]string {
	meta := make(map[string]string, len(m.MetadataProps))
	for _, p := range m.MetadataProps {
		meta[p.GetKey()] = p.GetValue()
	}
	return meta
}
