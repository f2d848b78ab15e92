package onnx

import (
	"bytes"
	"io"
	"os"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/sphereface-go/sphereface/internal/onnx/pb"
)

// outlineOf is what Outline gives, by way of the whole model. Of several graphs, which
// no writer makes, protobuf joins the fields.
func outlineOf(m *pb.ModelProto) *pb.GraphProto {
	g := &pb.GraphProto{Input: m.GetGraph().GetInput(), Output: m.GetGraph().GetOutput()}
	for _, t := range m.GetGraph().GetInitializer() {
		g.Initializer = append(g.Initializer, &pb.TensorProto{Name: t.Name})
	}
	return g
}

// counted counts what is read.
type counted struct {
	io.ReaderAt
	bytes int
}

func (c *counted) ReadAt(p []byte, off int64) (int, error) {
	n, err := c.ReaderAt.ReadAt(p, off)
	c.bytes += n
	return n, err
}

func TestOutline(t *testing.T) {
	data, err := os.ReadFile("../../testdata/sphereface4-tiny.onnx")
	if err != nil {
		t.Fatal(err)
	}
	m := &pb.ModelProto{}
	if err := proto.Unmarshal(data, m); err != nil {
		t.Fatal(err)
	}
	r := &counted{ReaderAt: bytes.NewReader(data)}
	got, err := Outline(r, int64(len(data)))
	if err != nil || !proto.Equal(got, outlineOf(m)) {
		t.Errorf("outline %v, want %v (error %v)", got, outlineOf(m), err)
	}
	if r.bytes > len(data)/10 {
		t.Errorf("%d bytes of %d are read: the weights among them", r.bytes, len(data))
	}
	for _, n := range []int{1, len(data) / 2, len(data) - 1} {
		if _, err := Outline(bytes.NewReader(data[:n]), int64(n)); err == nil {
			t.Errorf("no error for the first %d bytes", n)
		}
	}
}

func FuzzOutline(f *testing.F) {
	tiny, err := os.ReadFile("../../testdata/sphereface4-tiny.onnx")
	if err != nil {
		f.Fatal(err)
	}
	m := &pb.ModelProto{}
	if err := proto.Unmarshal(tiny, m); err != nil {
		f.Fatal(err)
	}
	for _, t := range m.Graph.Initializer {
		t.RawData = t.RawData[:min(8, len(t.RawData))]
	}
	small, err := proto.Marshal(m)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(small)
	f.Add([]byte{0x3a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f})
	f.Add([]byte{0x3a, 2, 0x5a, 0})
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := Outline(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			return
		}
		m := &pb.ModelProto{}
		if proto.Unmarshal(data, m) != nil {
			return // damage in what the outline leaves out
		}
		if want := outlineOf(m); !proto.Equal(got, want) {
			t.Fatalf("outline %v, want %v", got, want)
		}
	})
}
