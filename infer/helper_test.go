package main

import (
	"bytes"
	"context"
	"flag"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/proto"

	"github.com/sphereface-go/sphereface/internal/face"
	"github.com/sphereface-go/sphereface/internal/onnx"
	"github.com/sphereface-go/sphereface/internal/onnx/pb"
	"github.com/sphereface-go/sphereface/internal/ort/orttest"
	"github.com/sphereface-go/sphereface/models"
)

// batch is the number of photos that are computed at once.
const batch = 16

var update = flag.Bool("update", false, "write the golden files again")

// The corners of the colour cube. The mean of a plain photo under the contract's
// normalisation is (±c, ±c, ±c), so that the cosine of two is 1, 1/3, -1/3 or -1 by
// the number of channels in which they agree: figures that can be worked out by hand.
var (
	red    = color.RGBA{255, 0, 0, 255}
	yellow = color.RGBA{255, 255, 0, 255}
	white  = color.RGBA{255, 255, 255, 255}
	cyan   = color.RGBA{0, 255, 255, 255}
)

// contract is that of the test models.
func contract(network string, embedding int) onnx.Contract {
	return onnx.Contract{
		Network: network, Width: 1. / 16, Embedding: embedding,
		CropHeight: face.CropHeight, CropWidth: face.CropWidth,
		Mean: face.PixelMean, Std: face.PixelScale,
		Template: face.Template(), Alignment: string(face.AlignFixed), Mirror: true,
		Threshold:      &onnx.Threshold{Value: 0.25, FAR: 0.01, Data: "none"},
		TrainingData:   "none",
		TrainingResult: "not trained",
		ConfigSHA256:   strings.Repeat("0123456789abcdef", 4),
	}
}

func metadata(c onnx.Contract) map[string]string {
	m := make(map[string]string)
	for _, kv := range c.Metadata() {
		m[kv.Key] = kv.Value
	}
	return m
}

// colourModel writes a model whose embedding is the mean of each channel of a crop
// of the given size, with the metadata, and gives its path.
func colourModel(t testing.TB, height, width int64, meta map[string]string) string {
	t.Helper()
	tensor := func(name string, dims ...int64) *pb.ValueInfoProto {
		shape := &pb.TensorShapeProto{Dim: []*pb.TensorShapeProto_Dimension{{Value: &pb.TensorShapeProto_Dimension_DimParam{DimParam: "N"}}}}
		for _, d := range dims {
			shape.Dim = append(shape.Dim, &pb.TensorShapeProto_Dimension{Value: &pb.TensorShapeProto_Dimension_DimValue{DimValue: d}})
		}
		return &pb.ValueInfoProto{Name: &name, Type: &pb.TypeProto{Value: &pb.TypeProto_TensorType{
			TensorType: &pb.TypeProto_Tensor{ElemType: proto.Int32(int32(pb.TensorProto_FLOAT)), Shape: shape},
		}}}
	}
	model := &pb.ModelProto{
		IrVersion:    proto.Int64(4),
		OpsetImport:  []*pb.OperatorSetIdProto{{Domain: proto.String(""), Version: proto.Int64(9)}},
		ProducerName: proto.String("test"),
		Graph: &pb.GraphProto{
			Name:  proto.String("colour"),
			Input: []*pb.ValueInfoProto{tensor("input", 3, height, width)},
			Node: []*pb.NodeProto{
				{Name: proto.String("mean"), OpType: proto.String("GlobalAveragePool"), Input: []string{"input"}, Output: []string{"mean"}},
				{Name: proto.String("flatten"), OpType: proto.String("Flatten"), Input: []string{"mean"}, Output: []string{"embedding"}},
			},
			Output: []*pb.ValueInfoProto{tensor("embedding", 3)},
		},
	}
	for key, value := range meta {
		model.MetadataProps = append(model.MetadataProps, &pb.StringStringEntryProto{Key: proto.String(key), Value: proto.String(value)})
	}
	data, err := proto.Marshal(model)
	if err != nil {
		t.Fatal(err)
	}
	return write(t, "colour.onnx", data)
}

// colours is a colour model with a complete contract.
func colours(t testing.TB) string {
	return colourModel(t, face.CropHeight, face.CropWidth, metadata(contract("sphereface4", 3)))
}

// sphereface4 is a narrow, untrained network as export writes it.
func sphereface4(t testing.TB) []byte {
	t.Helper()
	net, err := models.New("sphereface4", models.Options{Width: 1. / 16, Embedding: 8})
	if err != nil {
		t.Fatal(err)
	}
	data, err := onnx.Encode(net, net.Initialize(1), contract(net.Name, net.Embedding()), onnx.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// write puts data into a new file.
func write(t testing.TB, name string, data []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// plain writes a PNG of one colour.
func plain(t testing.TB, path string, c color.Color, w, h int) string {
	t.Helper()
	if !filepath.IsAbs(path) {
		path = filepath.Join(t.TempDir(), path)
	}
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(img, img.Bounds(), image.NewUniform(c), image.Point{}, draw.Src)
	var data bytes.Buffer
	if err := png.Encode(&data, img); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, data.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// infer runs a command as main does, with ONNX Runtime where the command has the
// flag for it, and gives the exit code and both outputs.
func infer(t testing.TB, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	t.Setenv(modelVariable, "")
	if len(args) > 0 && slices.Contains([]string{"verify", "embed", "eval"}, args[0]) {
		args = append([]string{args[0], "--ort-library", orttest.Library(t), "--threads", "1"}, args[1:]...)
	}
	var out, errs bytes.Buffer
	code = exitCode(run(context.Background(), args, &out, &errs), &errs)
	return code, out.String(), errs.String()
}

// trouble runs a command that must fail as promised: exit code 2, nothing on
// standard output, one line on standard error that holds want.
func trouble(t testing.TB, want string, args ...string) {
	t.Helper()
	code, stdout, stderr := infer(t, args...)
	if code != exitTrouble {
		t.Errorf("exit code %d, want %d", code, exitTrouble)
	}
	if stdout != "" {
		t.Errorf("standard output %q, want nothing", stdout)
	}
	if !strings.HasPrefix(stderr, "infer: ") || strings.Count(stderr, "\n") != 1 || !strings.HasSuffix(stderr, "\n") {
		t.Errorf("standard error %q, want one line", stderr)
	}
	if !strings.Contains(stderr, want) {
		t.Errorf("standard error %q, want %q in it", stderr, want)
	}
}

// golden compares with a file in testdata.
func golden(t testing.TB, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s: got\n%s\nwant\n%s", path, got, want)
	}
}
