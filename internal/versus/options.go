package main

import (
	"errors"
	"fmt"
	"io"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"github.com/sphereface-go/sphereface/internal/kernel"
	"github.com/sphereface-go/sphereface/models"
)

// options are what the command line says.
type options struct {
	network string
	batch   int
	classes int
	threads int
	rounds  int
	turn    time.Duration
	forward []int // batch sizes
	parts   []string
	photos  string // folder
	compile bool

	precision kernel.Precision // of our products in the training step
	autocast  bool             // PyTorch's products are of bf16, too

	python  string
	venv    string
	upgrade bool
	library string

	help bool
}

// The parts of the benchmark.
const (
	partTraining = "training"
	partForward  = "forward"
	partPhotos   = "photos"
)

const usage = `Usage: versus [flags]

Times a training step against PyTorch's, the forward pass against ONNX Runtime's,
and the way from photos to embeddings against OpenCV's and ONNX Runtime's in
Python, in rounds that take turns. SPHEREFACE_KERNEL=avx2 in the environment limits
both sides of the training step to AVX2.

`

func parse(args []string, stdout io.Writer) (options, error) {
	var o options
	var precision string
	fs := pflag.NewFlagSet("versus", pflag.ContinueOnError)
	fs.SortFlags = false
	fs.SetOutput(io.Discard)
	fs.StringVar(&o.network, "network", "sphereface4", "`NAME` of the network: "+strings.Join(models.Names(), ", "))
	fs.IntVar(&o.batch, "batch", 0, "images in a training step (default 128, 16 for a network other than sphereface4)")
	fs.IntVar(&o.classes, "classes", 4038, "people that the head tells apart (LFW's training split has 4038)")
	fs.IntVar(&o.threads, "threads", 0, "threads of every side (0 = one a core)")
	fs.IntVar(&o.rounds, "rounds", 7, "rounds of two turns each")
	fs.DurationVar(&o.turn, "turn", 2*time.Second, "how long a turn lasts; three runs at least")
	fs.IntSliceVar(&o.forward, "forward", []int{1, 32}, "batch `SIZES` of the forward pass")
	fs.StringSliceVar(&o.parts, "parts", []string{partTraining, partForward}, "`PARTS` to run: training, forward, photos")
	fs.StringVar(&o.photos, "photos", "", "`DIR` with photos of people as .jpg, such as LFW's, for that part; 128 of them are taken")
	fs.StringVar(&precision, "precision", kernel.Float32.String(), "`PRECISION` of our products in the training step: float32 or bf16; PyTorch's stays float32 unless --autocast is given")
	fs.BoolVar(&o.autocast, "autocast", false, "let PyTorch multiply in bf16, too (torch.autocast), where ours does")
	fs.BoolVar(&o.compile, "compile", false, "let PyTorch compile its step (torch.compile); needs a C++ compiler and Python's headers")
	fs.StringVar(&o.python, "python", "", "`FILE`: a Python that has PyTorch, or OpenCV and ONNX Runtime; nothing is installed then")
	fs.StringVar(&o.venv, "venv", "", "`DIR` that they are installed into (default: sphereface/pytorch or sphereface/opencv in your folder of caches)")
	fs.BoolVar(&o.upgrade, "upgrade", false, "look for newer packages first")
	fs.StringVar(&o.library, "ort-library", "", "`FILE` or directory of ONNX Runtime's shared library (default: ONNXRUNTIME_LIB, beside this program, the system's)")
	fs.BoolVarP(&o.help, "help", "h", false, "print this")
	if err := fs.Parse(args); err != nil {
		return o, fmt.Errorf("%w; see --help", err)
	}
	if o.help {
		fmt.Fprint(stdout, usage, fs.FlagUsagesWrapped(79))
		return o, nil
	}
	if fs.NArg() > 0 {
		return o, fmt.Errorf("unexpected argument %q; see --help", fs.Arg(0))
	}
	return o, o.validate(fs.Changed("batch"), precision)
}

// validate checks the flags and fills in what depends on another.
func (o *options) validate(batchGiven bool, precision string) error {
	if !slices.Contains(models.Names(), o.network) {
		return fmt.Errorf("--network %s: want one of %s", o.network, strings.Join(models.Names(), ", "))
	}
	if !batchGiven {
		o.batch = 128
		if o.network != models.Names()[0] {
			o.batch = 16
		}
	}
	for _, f := range []struct {
		name       string
		value, low int
	}{{"batch", o.batch, 1}, {"classes", o.classes, 2}, {"threads", o.threads, 0}, {"rounds", o.rounds, 1}} {
		if f.value < f.low {
			return fmt.Errorf("--%s %d: must be %d or above", f.name, f.value, f.low)
		}
	}
	if o.threads == 0 {
		o.threads = runtime.GOMAXPROCS(0)
	}
	if o.turn <= 0 {
		return fmt.Errorf("--turn %v: must be above 0", o.turn)
	}
	for _, n := range o.forward {
		if n < 1 {
			return fmt.Errorf("--forward %d: must be 1 or above", n)
		}
	}
	for _, p := range o.parts {
		if !slices.Contains([]string{partTraining, partForward, partPhotos}, p) {
			return fmt.Errorf("--parts %s: want %s, %s or %s", p, partTraining, partForward, partPhotos)
		}
	}
	switch precision {
	case kernel.Float32.String():
	case kernel.BF16.String():
		o.precision = kernel.BF16
	default:
		return fmt.Errorf("--precision %s: want %v or %v", precision, kernel.Float32, kernel.BF16)
	}
	switch {
	case len(o.parts) == 0:
		return fmt.Errorf("--parts: want %s, %s or %s", partTraining, partForward, partPhotos)
	case slices.Contains(o.parts, partPhotos) != (o.photos != ""):
		return fmt.Errorf("--parts %s and --photos DIR go together", partPhotos)
	case o.precision != kernel.Float32 && !slices.Contains(o.parts, partTraining):
		return fmt.Errorf("--precision %v is for the training step: the forward pass is always float32", o.precision)
	case o.autocast && o.precision != kernel.BF16:
		return errors.New("--autocast is for both sides in bf16: give --precision bf16 as well")
	case o.python != "" && (o.venv != "" || o.upgrade):
		return errors.New("--python does not go with --venv and --upgrade: nothing is installed there")
	}
	return nil
}
