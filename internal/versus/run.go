package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"

	"github.com/sphereface-go/sphereface/internal/kernel"
	"github.com/sphereface-go/sphereface/internal/ort"
)

// run does what the command line says: the table goes to stdout, progress to
// stderr.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	o, err := parse(args, stdout)
	if err != nil || o.help {
		return err
	}
	if err := kernel.CheckLevel(); err != nil {
		return err
	}
	if why := kernel.WithoutBF16(); o.precision == kernel.BF16 && why != "" {
		return fmt.Errorf("--precision %v: %s: leave the flag out", o.precision, why)
	}
	// The collector's threads count as well.
	runtime.GOMAXPROCS(o.threads)
	p, err := newProblem(o.network, o.batch, o.classes)
	if err != nil {
		return err
	}
	r := report{options: o, limits: limitsOf(os.Getenv(kernel.Variable))}
	if slices.Contains(o.parts, partTraining) {
		if err := r.training(ctx, p, stderr); err != nil {
			return err
		}
	}
	if slices.Contains(o.parts, partForward) {
		for _, batch := range o.forward {
			if err := r.forward(ctx, p, batch, stderr); err != nil {
				return err
			}
		}
	}
	if slices.Contains(o.parts, partPhotos) {
		if err := r.photos(ctx, p, stderr); err != nil {
			return err
		}
	}
	return r.print(stdout)
}

// report gathers what is printed at the end.
type report struct {
	options  options
	limits   []string // of PyTorch, as variables of its environment
	outcomes []outcome
	notes    []string
}

// training lets our training step and PyTorch's take turns.
func (r *report) training(ctx context.Context, p *problem, progress io.Writer) error {
	python, err := torch.find(ctx, r.options, progress)
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "sphereface-versus-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	path, err := newSpec(p, r.options, dir).write(p, dir)
	if err != nil {
		return err
	}
	theirs, err := program{"pytorch", "torch_step.py", torchStep}.start(ctx, python, dir, path, slices.Concat(allocation, r.limits))
	if err != nil {
		return err
	}
	defer theirs.close()
	ours, err := newTrainer(p, r.options.precision, r.options.threads)
	if err != nil {
		return err
	}
	defer ours.close()

	our, their := r.options.names()
	d := duel{
		title:  fmt.Sprintf("%s, training step, batch %d", p.net.Name, p.batch),
		images: p.batch,
		ours:   side{our, ours.run},
		theirs: side{their, theirs.run},
	}
	fmt.Fprintf(progress, "%s: PyTorch %s, first steps of both\n", d.title, theirs.greeting.About)
	for _, s := range []side{d.ours, d.theirs} {
		if _, err := s.turn(ctx, leastRuns); err != nil {
			return err
		}
	}
	if err := agree(ours.losses, theirs.results, r.options.precision); err != nil {
		return err
	}
	fmt.Fprintf(progress, "%s: the losses agree: %.6f and %.6f\n", d.title, ours.losses, theirs.results)
	done, err := d.fight(ctx, r.options.rounds, r.options.turn, progress)
	if err != nil {
		return err
	}
	r.outcomes = append(r.outcomes, done)
	r.notes = append(r.notes,
		"PyTorch       "+theirs.greeting.About,
		fmt.Sprintf("              %.2f s of CPU while the other side ran", theirs.idleCPU))
	return nil
}

// names are what the table calls the sides of the training step: the precisions are in
// them unless both are float32.
func (o options) names() (ours, theirs string) {
	ours, theirs = "sphereface", "PyTorch"
	if o.precision != kernel.Float32 && !o.autocast {
		ours, theirs = fmt.Sprintf("%s, %v", ours, o.precision), fmt.Sprintf("%s, %v", theirs, kernel.Float32)
	}
	if o.autocast {
		ours, theirs = fmt.Sprintf("%s, %v", ours, o.precision), fmt.Sprintf("%s, %v", theirs, o.precision)
	}
	if o.compile {
		theirs += ", compiled"
	}
	return ours, theirs
}

// forward lets our forward pass and ONNX Runtime's take turns.
func (r *report) forward(ctx context.Context, p *problem, batch int, progress io.Writer) error {
	f, err := newForward(p, batch, r.options)
	if err != nil {
		return err
	}
	defer f.close()
	if err := f.check(); err != nil {
		return err
	}
	done, err := f.duel(p.net.Name).fight(ctx, r.options.rounds, r.options.turn, progress)
	if err != nil {
		return err
	}
	r.outcomes = append(r.outcomes, done)
	return nil
}

// print writes what was compared on what, and the table.
func (r *report) print(w io.Writer) error {
	fmt.Fprintf(w, "machine       %s, %d of %d cores, %s/%s\n", processor(), r.options.threads, runtime.NumCPU(), runtime.GOOS, runtime.GOARCH)
	fmt.Fprintf(w, "sphereface    %s kernels, %d threads, %s\n", kernel.Level(), r.options.threads, runtime.Version())
	if r.options.precision != kernel.Float32 {
		theirs := kernel.Float32
		if r.options.autocast {
			theirs = r.options.precision
		}
		fmt.Fprintf(w, "              products of %v in the training step, PyTorch's of %v\n", r.options.precision, theirs)
	}
	for _, n := range r.notes {
		fmt.Fprintln(w, n)
	}
	for _, l := range r.limits {
		fmt.Fprintf(w, "              %s\n", l)
	}
	if _, version := ort.Library(); version != "" {
		fmt.Fprintf(w, "ONNX Runtime  %s, %d threads\n", version, r.options.threads)
	}
	fmt.Fprintf(w, "rounds        %d, a turn %v a side; ratio above 1: sphereface is the faster\n\n", r.options.rounds, r.options.turn)
	return printTable(w, r.outcomes)
}
