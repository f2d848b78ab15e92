package main

import (
	"context"
	"fmt"
	"strings"

	"github.com/sphereface-go/sphereface/internal/face"
	"github.com/sphereface-go/sphereface/internal/onnx"
	"github.com/sphereface-go/sphereface/internal/ort"
	"github.com/sphereface-go/sphereface/models/graph"
)

// forward is the forward pass of both sides, for one batch size.
type forward struct {
	images []float32
	batch  int

	ours   *graph.Extractor
	theirs *ort.Session
}

// newForward builds our graph, and the session of ONNX Runtime on the file that
// export would write of the same weights.
func newForward(p *problem, batch int, o options) (*forward, error) {
	f := &forward{images: crops(p.net, batch), batch: batch}
	model, err := onnx.Encode(p.net, p.weights, contract(p), onnx.Options{})
	if err != nil {
		return nil, err
	}
	if f.theirs, err = ort.OpenBytes(model, ort.Options{Library: o.library, Threads: o.threads}); err != nil {
		return nil, err
	}
	if f.ours, err = graph.NewExtractor(p.net, p.weights, batch, o.threads); err != nil {
		f.theirs.Close()
		return nil, err
	}
	return f, nil
}

// contract says nothing of a training: there was none.
func contract(p *problem) onnx.Contract {
	return onnx.Contract{
		Network: p.net.Name, Width: 1, Embedding: p.net.Embedding(),
		CropHeight: face.CropHeight, CropWidth: face.CropWidth, Mean: face.PixelMean, Std: face.PixelScale,
		Template: face.Template(), Alignment: string(face.AlignFixed), Mirror: true,
		TrainingData: "none", TrainingResult: "not trained", ConfigSHA256: strings.Repeat("0", 64),
	}
}

// check compares the embeddings of the two sides.
func (f *forward) check() error {
	ours, err := f.ours.Run(f.images)
	if err != nil {
		return err
	}
	theirs, err := f.theirs.Run(f.images, f.batch)
	if err != nil {
		return err
	}
	return sameEmbeddings(ours, theirs[0].Data)
}

func (f *forward) duel(network string) duel {
	return duel{
		title:  fmt.Sprintf("%s, forward, batch %d", network, f.batch),
		images: f.batch,
		ours: side{"sphereface", func(ctx context.Context, n int) ([]float64, error) {
			return timed(ctx, n, func() error {
				_, err := f.ours.Run(f.images)
				return err
			})
		}},
		theirs: side{"ONNX Runtime", func(ctx context.Context, n int) ([]float64, error) {
			return timed(ctx, n, func() error {
				_, err := f.theirs.Run(f.images, f.batch)
				return err
			})
		}},
	}
}

func (f *forward) close() {
	f.ours.Close()
	f.theirs.Close()
}
