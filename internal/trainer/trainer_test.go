package trainer

import (
	"context"
	"errors"
	"io"
	"iter"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sphereface-go/sphereface/internal/checkpoint"
	"github.com/sphereface-go/sphereface/internal/config"
	"github.com/sphereface-go/sphereface/internal/dataset"
	"github.com/sphereface-go/sphereface/internal/report"
)

// tiny is a run of 3 epochs of 5 steps that takes a second.
const tiny = `
seed: 7
threads: 2
network: {width: 0.0625, embedding: 8}
data: {source: synthetic, holdout: 0.3, people: 14, images: 3}
augment: {shift: 2}
train: {epochs: 3, batch: 6}
solver: {rate: 0.01, warmup: 2}
validation: {every: 2, pairs: 12, folds: 2}
checkpoint: {steps: 2, every: 2}
`

func parse(t *testing.T, yaml string) config.Config {
	t.Helper()
	c, err := config.Parse("test.yaml", []byte(yaml), nil)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// session is a run with everything attached, as the train binary does it.
type session struct {
	*Trainer
	run       checkpoint.Run
	validated int // images that validations have told of
}

func newSession(t *testing.T, dir string, c config.Config) *session {
	t.Helper()
	faces, err := OpenFaces(t.Context(), c, nil)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = faces.Close() })
	loader, err := dataset.NewLoader(faces.Train, dataset.LoaderOptions{
		BatchSize: c.Train.Batch, Seed: c.Seed, Augment: c.Augment.Build(),
	})
	if err != nil {
		t.Fatal(err)
	}
	s := &session{run: checkpoint.Run{Dir: dir}}
	s.Trainer, err = New(c, Data{Source: loader, Images: faces.Train.Len(), Classes: len(faces.Train.People), Name: faces.Name})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	if _, err := os.Stat(s.run.Last()); err == nil {
		state, err := checkpoint.Load(s.run.Last())
		if err != nil {
			t.Fatal(err)
		}
		if err := s.Restore(state); err != nil {
			t.Fatal(err)
		}
	} else if s.run, err = checkpoint.Create(dir, c.Marshal(), false); err != nil {
		t.Fatal(err)
	}
	list, err := dataset.DrawPairs(faces.Held, c.Validation.Pairs, c.Validation.Folds, c.Seed)
	if err != nil {
		t.Fatal(err)
	}
	features, err := NewFeatures(s.Network(), s.Weights(), c.Threads)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = features.Close() })
	table, err := OpenTable(s.Trainer, s.run)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = table.Close() })
	p := AttachProgress(s.Trainer, io.Discard)
	AttachValidation(s.Trainer, features, Held{Set: faces.Held, List: list, Name: "pairs"}, c.Validation.Every,
		func(images, of int) { s.validated += images; p.Validating(images, of) })
	AttachSummary(s.Trainer, p)
	AttachCurves(s.Trainer, s.run, table)
	AttachCheckpoints(s.Trainer, s.run, c.Checkpoint)
	return s
}

func rowsOf(t *testing.T, run checkpoint.Run) []report.Row {
	t.Helper()
	f, err := os.Open(run.Metrics())
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := report.ParseMetrics(f, run.Metrics())
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// outcome is what must not depend on how a run came to its end.
type outcome struct {
	files map[string]string
	rows  []report.Row
}

func outcomeOf(t *testing.T, run checkpoint.Run) outcome {
	t.Helper()
	o := outcome{files: map[string]string{}}
	for _, path := range []string{run.Last(), run.Best(), run.Epoch(2), run.Config()} {
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		o.files[filepath.Base(path)] = string(data)
	}
	rows := rowsOf(t, run)
	for i := range rows {
		rows[i].ImagesPerSecond = 0
		if v := rows[i].Validation; v != nil {
			o.files["validation of epoch "+string(rune('0'+rows[i].Epoch))] = strings.Join([]string{
				report.Number("", v.Accuracy, 17).Value, report.Number("", v.Threshold, 17).Value,
			}, " ")
			rows[i].Validation = nil
		}
	}
	o.rows = rows
	for _, path := range []string{run.AccuracyPlot(), run.LossPlot()} {
		if info, err := os.Stat(path); err != nil || info.Size() < 1000 {
			t.Errorf("no figure %s: %v", path, err)
		}
	}
	return o
}

func (o outcome) compare(t *testing.T, want outcome) {
	t.Helper()
	if len(o.files) != len(want.files) {
		t.Errorf("%d files, want %d", len(o.files), len(want.files))
	}
	for name, data := range want.files {
		if o.files[name] != data {
			t.Errorf("%s differs from that of a run left alone", name)
		}
	}
	if len(o.rows) != len(want.rows) {
		t.Fatalf("%d rows, want %d", len(o.rows), len(want.rows))
	}
	for i := range want.rows {
		if o.rows[i] != want.rows[i] {
			t.Errorf("row %d: %+v, want %+v", i, o.rows[i], want.rows[i])
		}
	}
}

var (
	errCrash = errors.New("crash")
	errHook  = errors.New("a figure cannot be written")
)

// runOrCrash is Run, and ends as if the process were killed where a hook panics.
func (s *session) runOrCrash(ctx context.Context) (err error) {
	defer func() {
		if r := recover(); r == errCrash {
			err = errCrash
		} else if r != nil {
			panic(r)
		}
	}()
	return s.Run(ctx)
}

// end is a way in which a run ends early.
type end struct {
	stop func(s *session, cancel func())
	want error
}

func (s *session) atStep(step int, do func()) {
	s.OnStep(func(st Step) error {
		if st.Step == step {
			do()
		}
		return nil
	})
}

// afterRow is when all else that an epoch does at its end is done but for counting and
// saving it.
func afterRow(epoch int, do func() error) func(*session, func()) {
	return func(s *session, _ func()) {
		s.OnEpoch(func(_ context.Context, e *Epoch) error {
			if e.Epoch == epoch {
				return do()
			}
			return nil
		})
	}
}

// TestResumeIsExact ends runs at every kind of place, resumes them, and expects every
// byte of a run that was left alone.
func TestResumeIsExact(t *testing.T) {
	c := parse(t, tiny)
	c.Network.Dropout = 0.25 // which other places go than in the run alone would tell
	alone := newSession(t, filepath.Join(t.TempDir(), "alone"), c)
	if err := alone.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	want := outcomeOf(t, alone.run)
	if len(want.rows) != 3 || want.rows[2].Step != 15 {
		t.Fatalf("the run is not the one this test is about: %+v", want.rows)
	}
	crash := func() { panic(errCrash) }
	lastStep := end{func(s *session, cancel func()) { s.atStep(10, cancel) }, ErrStopped}
	rowWritten := end{afterRow(2, func() error { panic(errCrash) }), errCrash}
	for i, tc := range []struct {
		name string
		ends []end
	}{
		{"stopped within an epoch", []end{{func(s *session, cancel func()) { s.atStep(8, cancel) }, ErrStopped}}},
		{"stopped at the last step of an epoch", []end{lastStep}},
		{"stopped before the first step", []end{{func(_ *session, cancel func()) { cancel() }, ErrStopped}}},
		{"crashed between two checkpoints", []end{{func(s *session, _ func()) { s.atStep(9, crash) }, errCrash}}},
		{"crashed at the end of an epoch, its row written", []end{rowWritten}},
		{"stopped at the last step of an epoch, then crashed there", []end{lastStep, rowWritten}},
		{"a hook failed at the end of an epoch", []end{{afterRow(2, func() error { return errHook }), errHook}}},
	} {
		if testing.Short() && i > 0 {
			break // one of them, for the race detector
		}
		t.Run(tc.name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "run")
			for _, e := range tc.ends {
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				s := newSession(t, dir, c)
				e.stop(s, cancel)
				if err := s.runOrCrash(ctx); !errors.Is(err, e.want) {
					t.Fatalf("got %v, want %v", err, e.want)
				}
				if n := s.Unsaved(); n != 0 && !errors.Is(e.want, errCrash) {
					t.Errorf("%d steps are lost", n)
				}
			}
			last := newSession(t, dir, c)
			if err := last.Run(t.Context()); err != nil {
				t.Fatal(err)
			}
			outcomeOf(t, last.run).compare(t, want)
		})
	}
	t.Run("the best could not be saved", func(t *testing.T) {
		dir := filepath.Join(t.TempDir(), "run")
		first := newSession(t, dir, c)
		if err := os.Mkdir(first.run.Best(), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := first.Run(t.Context()); err == nil || !strings.Contains(err.Error(), first.run.Best()) {
			t.Fatalf("%v, want an error of %s", err, first.run.Best())
		}
		if err := os.Remove(first.run.Best()); err != nil {
			t.Fatal(err)
		}
		second := newSession(t, dir, c)
		if err := second.Run(t.Context()); err != nil {
			t.Fatal(err)
		}
		outcomeOf(t, second.run).compare(t, want)
	})
	t.Run("stopped within a validation", func(t *testing.T) {
		dir := filepath.Join(t.TempDir(), "run")
		ctx, cancel := context.WithCancel(t.Context())
		defer cancel()
		first := newSession(t, dir, c)
		first.OnStep(func(s Step) error {
			if s.Step == 10 {
				// The loop looks at ctx before the validation does: the
				// cancellation has to come between.
				first.hooks.epoch = append([]func(context.Context, *Epoch) error{
					func(context.Context, *Epoch) error { cancel(); return nil },
				}, first.hooks.epoch...)
			}
			return nil
		})
		if err := first.Run(ctx); !errors.Is(err, ErrStopped) {
			t.Fatal(err)
		}
		if first.batch != 5 || first.validated != 0 {
			t.Fatalf("stopped at batch %d after %d validated images, want within the validation", first.batch, first.validated)
		}
		second := newSession(t, dir, c)
		if err := second.Run(t.Context()); err != nil {
			t.Fatal(err)
		}
		outcomeOf(t, second.run).compare(t, want)
	})
}

// TestLearns expects a short run to lower the loss on its own images.
func TestLearns(t *testing.T) {
	c := parse(t, tiny)
	c.Train.Epochs, c.Solver.Rate, c.Head.LambdaBase = 12, 0.02, 10
	tr, _ := newBare(t, c)
	var losses []float64
	tr.OnEpoch(func(_ context.Context, e *Epoch) error {
		losses = append(losses, e.Loss)
		return nil
	})
	if err := tr.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if first, last := losses[0], losses[len(losses)-1]; last > 0.9*first {
		t.Errorf("the loss went from %v to %v; 12 epochs lower it by a tenth at least", first, last)
	}
}

// poisoned hands out batches of a loader, one of them with a value that is no
// number.
type poisoned struct {
	Source
	at int
}

func (p poisoned) Epoch(ctx context.Context, epoch, first int) iter.Seq2[dataset.Batch, error] {
	return func(yield func(dataset.Batch, error) bool) {
		for b, err := range p.Source.Epoch(ctx, epoch, first) {
			if err == nil && b.Index == p.at {
				b.X[0] = float32(math.NaN())
			}
			if !yield(b, err) {
				return
			}
		}
	}
}

func TestNotFiniteLossStopsAndKeepsTheLastGoodState(t *testing.T) {
	s := newSession(t, filepath.Join(t.TempDir(), "run"), parse(t, tiny))
	s.data.Source = poisoned{s.data.Source, 3}
	err := s.Run(t.Context())
	var notFinite *NotFiniteError
	if !errors.As(err, &notFinite) {
		t.Fatalf("got %v", err)
	}
	for _, want := range []string{"the loss is not finite in epoch 1, batch 4 of 5", "--solver.rate", "--solver.warmup", "--solver.clip_norm"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is not in %q", want, err)
		}
	}
	state, err := checkpoint.Load(s.run.Last())
	if err != nil {
		t.Fatal(err)
	}
	if state.Step != 2 {
		t.Errorf("the last checkpoint is of step %d, want 2", state.Step)
	}
	for _, p := range state.Params {
		for _, v := range append(p.Value, p.Momentum...) {
			if math.IsNaN(float64(v)) || math.IsInf(float64(v), 0) {
				t.Fatalf("%s holds %v", p.Name, v)
			}
		}
	}
}

func TestRestoreErrors(t *testing.T) {
	c := parse(t, tiny)
	s := newSession(t, filepath.Join(t.TempDir(), "run"), c)
	for _, tc := range []struct {
		name   string
		change func(*checkpoint.Checkpoint)
		want   string
	}{
		{"network", func(c *checkpoint.Checkpoint) { c.Params[0].Shape = []int{1, 2, 3} }, "tensor conv1_weight has the shape [1 2 3], want [4 3 3 3]: a checkpoint of another network than sphereface4 of width 0.0625"},
		{"seed", func(c *checkpoint.Checkpoint) { c.Seed++ }, "its seed is 8, the config's 7"},
		{"images", func(c *checkpoint.Checkpoint) { c.Images-- }, "it was trained on 29 images, the data are now 30"},
		{"step", func(c *checkpoint.Checkpoint) { c.Step = 3 }, "its step 3 is not batch 0 of epoch 0 with 5 batches an epoch"},
	} {
		state := s.Checkpoint()
		tc.change(state)
		if err := s.Restore(state); err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: got %v, want %s", tc.name, err, tc.want)
		}
	}
}

func TestSetWeights(t *testing.T) {
	s := newSession(t, filepath.Join(t.TempDir(), "run"), parse(t, tiny))
	other := s.Network().Initialize(99)
	if err := s.SetWeights(other); err != nil {
		t.Fatal(err)
	}
	if s.Weights()["conv1_weight"][0] != other["conv1_weight"][0] {
		t.Error("the weights are not those that were set")
	}
	other["fc5_bias"] = other["fc5_bias"][:1]
	if err := s.SetWeights(other); err == nil || !strings.Contains(err.Error(), "tensor fc5_bias has 1 values, want 8") {
		t.Errorf("got %v", err)
	}
	delete(other, "conv1_bias")
	if err := s.SetWeights(other); err == nil || !strings.Contains(err.Error(), "there is no tensor conv1_bias") {
		t.Errorf("got %v", err)
	}
}

func TestBrokenImageIsNamed(t *testing.T) {
	dir := t.TempDir()
	for _, person := range []string{"ann", "bob"} {
		if err := os.MkdirAll(filepath.Join(dir, person), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, person, person+"_0001.png"), []byte("no image"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	c := parse(t, "data: {source: folder, holdout: 0, root: "+dir+", cache: memory}\nvalidation: {every: 0}\n")
	if _, err := OpenFaces(t.Context(), c, nil); err == nil || !strings.Contains(err.Error(), "ann_0001.png") {
		t.Errorf("got %v", err)
	}
}
