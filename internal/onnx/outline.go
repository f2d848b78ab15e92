package onnx

import (
	"errors"
	"fmt"
	"io"

	"google.golang.org/protobuf/encoding/protowire"
	"google.golang.org/protobuf/proto"

	"github.com/sphereface-go/sphereface/internal/onnx/pb"
)

// Outline reads what the graph of a model declares as its inputs and outputs, without
// its weights, which are most of a file: of the tensors in it only the names. It is for
// who must know the model's outside before ONNX Runtime loads it.
func Outline(r io.ReaderAt, size int64) (*pb.GraphProto, error) {
	graph := &pb.GraphProto{}
	model := section{r, 0, size}
	err := model.each(func(field protowire.Number, content section) error {
		if field != modelGraph {
			return nil
		}
		return content.each(func(field protowire.Number, content section) error {
			return content.outline(field, graph)
		})
	})
	if err != nil {
		return nil, fmt.Errorf("onnx: outline of the model: %w", err)
	}
	return graph, nil
}

// Numbers of fields in onnx.proto.
const (
	modelGraph        = 7
	graphInitializers = 5
	graphInputs       = 11
	graphOutputs      = 12
	tensorName        = 8
)

// outline adds what a field of a graph says of its outside.
func (s section) outline(field protowire.Number, graph *pb.GraphProto) error {
	switch field {
	case graphInputs, graphOutputs:
		v := &pb.ValueInfoProto{}
		data, err := s.read()
		if err == nil {
			err = proto.Unmarshal(data, v)
		}
		if field == graphInputs {
			graph.Input = append(graph.Input, v)
		} else {
			graph.Output = append(graph.Output, v)
		}
		return err
	case graphInitializers:
		t := &pb.TensorProto{}
		graph.Initializer = append(graph.Initializer, t)
		return s.each(func(field protowire.Number, content section) error {
			if field != tensorName {
				return nil
			}
			name, err := content.read()
			t.Name = proto.String(string(name))
			return err
		})
	}
	return nil
}

// section is a message in a file: the bytes from at to end.
type section struct {
	r       io.ReaderAt
	at, end int64
}

// longest is more than the declaration of any input has.
const longest = 1 << 20

func (s section) read() ([]byte, error) {
	if s.end-s.at > longest {
		return nil, fmt.Errorf("a declaration of %d bytes: want %d at most", s.end-s.at, longest)
	}
	data := make([]byte, s.end-s.at)
	if n, err := s.r.ReadAt(data, s.at); n < len(data) {
		return nil, err
	}
	return data, nil
}

var errField = errors.New("a field is damaged or cut short")

// each calls f with the number and the content of each field that has a length, and
// skips the others.
func (s section) each(f func(field protowire.Number, content section) error) error {
	var head [20]byte // a tag and a length have 10 at most
	for s.at < s.end {
		n, err := s.r.ReadAt(head[:min(int64(len(head)), s.end-s.at)], s.at)
		if n == 0 {
			return err
		}
		field, kind, tag := protowire.ConsumeTag(head[:n])
		if tag < 0 {
			return errField
		}
		rest := head[tag:n]
		if kind != protowire.BytesType {
			value := protowire.ConsumeFieldValue(field, kind, rest)
			if value < 0 {
				return errField
			}
			s.at += int64(tag + value)
			continue
		}
		length, size := protowire.ConsumeVarint(rest)
		s.at += int64(tag + max(size, 0))
		if size < 0 || length > uint64(s.end-s.at) {
			return errField
		}
		content := section{s.r, s.at, s.at + int64(length)}
		if err := f(field, content); err != nil {
			return err
		}
		s.at = content.end
	}
	return nil
}
