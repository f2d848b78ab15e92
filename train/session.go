package main

import (
	"context"
	"fmt"
	"io"
	"path/filepath"

	"github.com/sphereface-go/sphereface/internal/checkpoint"
	"github.com/sphereface-go/sphereface/internal/config"
	"github.com/sphereface-go/sphereface/internal/dataset"
	"github.com/sphereface-go/sphereface/internal/kernel"
	"github.com/sphereface-go/sphereface/internal/trainer"
)

// session is a run with its data, ready to train.
type session struct {
	config  config.Config
	run     checkpoint.Run
	lock    *checkpoint.Lock // nil until something is written
	faces   *trainer.Faces
	held    trainer.Held // its Set is nil if there is no validation
	loader  *dataset.Loader
	trainer *trainer.Trainer
}

func newSession(ctx context.Context, c config.Config, stderr io.Writer) (*session, error) {
	stages := &stageProgress{w: stderr}
	faces, err := trainer.OpenFaces(ctx, c, stages.show)
	stages.finish()
	if err != nil {
		return nil, err
	}
	collectEarly()
	s := &session{config: c, faces: faces}
	if err := s.prepare(); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

func (s *session) prepare() error {
	c := s.config
	if c.Validation.Every > 0 {
		list, err := dataset.DrawPairs(s.faces.Held, c.Validation.Pairs, c.Validation.Folds, c.Seed)
		if err != nil {
			return fmt.Errorf("validation: %w%s", err, s.noFaceHint())
		}
		s.held = trainer.Held{Set: s.faces.Held, List: list, Name: filepath.Base(checkpoint.Run{}.Pairs())}
	}
	var err error
	s.loader, err = dataset.NewLoader(s.faces.Train, dataset.LoaderOptions{
		BatchSize: c.Train.Batch, Seed: c.Seed, Augment: c.Augment.Build(),
	})
	if err != nil {
		return err
	}
	s.trainer, err = trainer.New(c, trainer.Data{
		Source: s.loader, Name: s.faces.Name, Hash: s.faces.Hash(),
		Images: s.faces.Train.Len(), Classes: len(s.faces.Train.People),
	})
	return err
}

func (s *session) close() {
	// Nothing is written through either of them: their errors lose nothing.
	if s.trainer != nil {
		_ = s.trainer.Close()
	}
	_ = s.faces.Close()
	if s.lock != nil {
		_ = s.lock.Release()
	}
}

// describe says what is about to be trained, on what.
func (s *session) describe(w io.Writer) {
	net := s.trainer.Network()
	kernels := kernel.Level() + " kernels"
	if p := trainer.Precision(s.config); p != kernel.Float32 {
		kernels += fmt.Sprintf(", products of %v", p)
	} else if s.config.Precision != p.String() {
		fmt.Fprintf(w, "precision %s: %s; computing in float32\n", s.config.Precision, kernel.WithoutBF16())
	}
	fmt.Fprintf(w, "%s: %d parameters, embedding %d, head %s; %s, %d threads\n",
		net.Name, net.ParamCount(), net.Embedding(), s.config.Head.Kind, kernels, s.config.Threads)
	fmt.Fprintf(w, "%s: %d images of %d people to train on%s", s.faces.Name, s.faces.Train.Len(), len(s.faces.Train.People), s.leftOut())
	if s.held.Set != nil {
		fmt.Fprintf(w, "; %d pairs of %d people held out", len(s.held.List.Pairs), len(s.held.Set.People))
		if len(s.held.List.Pairs) < s.config.Validation.Pairs {
			fmt.Fprintf(w, " (they have no %d)", s.config.Validation.Pairs)
		}
	}
	fmt.Fprintln(w)
	s.describePhotos(w)
	fmt.Fprintf(w, "run directory: %s\n", s.run.Dir)
}
