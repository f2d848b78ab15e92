package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/spf13/pflag"

	"github.com/sphereface-go/sphereface/internal/atomicfile"
	"github.com/sphereface-go/sphereface/internal/checkpoint"
	"github.com/sphereface-go/sphereface/internal/onnx"
)

// options are what the command line says.
type options struct {
	source   string // run directory or checkpoint
	out      string
	fixtures string
	crops    string
	library  string
	threads  int
	float16  bool

	threshold *onnx.Threshold // nil for the one of the checkpoint
	help      bool
	version   bool
}

const usage = `Usage: export RUN_DIR|CHECKPOINT [flags]

Writes the network of a run's last checkpoint, or of the checkpoint given, as
an .onnx file with all that its users need to know in its metadata. The file is
checked first: by ONNX's structure rules and shape inference, and by computing
the same crops with the trainer's graph, with ONNX Runtime, and with the file
read back through onnx-go. A file that fails is not written.

`

const usageEnd = `
Exit code: 0 when everything was written, 130 when interrupted, 2 otherwise.
`

// Flags of the threshold, which go together.
const (
	flagThreshold = "threshold"
	flagFAR       = "threshold-far"
	flagData      = "threshold-data"
)

func parse(args []string, stdout io.Writer) (options, error) {
	var o options
	var threshold onnx.Threshold
	fs := pflag.NewFlagSet("export", pflag.ContinueOnError)
	fs.SortFlags = false
	fs.SetOutput(io.Discard)
	fs.StringVar(&o.out, "out", "", "`FILE` to write (default RUN_DIR/model.onnx, or the checkpoint's name with .onnx beside it)")
	fs.StringVar(&o.fixtures, "fixtures", "", "also write this `DIR`: a parity case in the layout of ONNX's backend tests, with every layer as an output")
	fs.StringVar(&o.crops, "crops", "", "compare on the photos in this `DIR` (default: on the run's own data, or on synthetic faces where that is out of reach)")
	fs.Float64Var(&threshold.Value, flagThreshold, 0, "decision threshold, a `COSINE` of -1 to 1 (default: that of the checkpoint's last validation)")
	fs.Float64Var(&threshold.FAR, flagFAR, 0, "false-accept `RATE` at --threshold, 0 to 1")
	fs.StringVar(&threshold.Data, flagData, "", "`PAIRS` that --threshold was calibrated on, in words")
	fs.BoolVar(&o.float16, "float16", false, "keep kernels and matrices as float16, in half of the bytes; they are rounded, and computing stays float32")
	fs.StringVar(&o.library, "ort-library", "", "`FILE` or directory of ONNX Runtime's shared library (default: ONNXRUNTIME_LIB, beside this program, the system's)")
	fs.IntVar(&o.threads, "threads", 0, "goroutines or threads that each path computes with (0 = one a core)")
	fs.BoolVar(&o.version, "version", false, "print the version and the kernels in use")
	fs.BoolVarP(&o.help, "help", "h", false, "print this")
	if err := fs.Parse(args); err != nil {
		return o, fmt.Errorf("%w; see export --help", err)
	}
	if o.help {
		fmt.Fprint(stdout, usage, fs.FlagUsagesWrapped(79), usageEnd)
		return o, nil
	}
	if o.version {
		return o, nil
	}
	if n := fs.NArg(); n != 1 {
		return o, fmt.Errorf("give one run directory or checkpoint, not %d; see export --help", n)
	}
	o.source = fs.Arg(0)
	given := 0
	for _, name := range []string{flagThreshold, flagFAR, flagData} {
		if fs.Changed(name) {
			given++
		}
	}
	if given > 0 {
		o.threshold = &threshold
	}
	return o, o.validate(given)
}

// validate checks what does not need the checkpoint, and fills in defaults.
func (o *options) validate(thresholdFlags int) error {
	if o.threads < 0 || o.threads > 1024 {
		return fmt.Errorf("--threads %d: must be from 0 (one a core) to 1024", o.threads)
	}
	if o.threads == 0 {
		o.threads = runtime.GOMAXPROCS(0)
	}
	if t := o.threshold; t != nil {
		switch {
		case thresholdFlags < 3:
			return fmt.Errorf("--%s, --%s and --%s go together: a threshold says little without its false-accept rate and its data", flagThreshold, flagFAR, flagData)
		case !(t.Value >= -1 && t.Value <= 1):
			return fmt.Errorf("--%s %v: must be a cosine, -1 to 1", flagThreshold, t.Value)
		case !(t.FAR >= 0 && t.FAR <= 1):
			return fmt.Errorf("--%s %v: must be a share, 0 to 1", flagFAR, t.FAR)
		case strings.TrimSpace(t.Data) == "" || strings.ContainsAny(t.Data, "\r\n"):
			return fmt.Errorf("--%s: must be one line that names the pairs", flagData)
		}
	}
	return o.chooseOut()
}

// chooseOut fills in where the model goes, and sees that it can go there.
func (o *options) chooseOut() error {
	source, err := os.Stat(o.source)
	if err != nil {
		return nil // reading the checkpoint tells more about it
	}
	given := o.out != ""
	if !given {
		o.out = strings.TrimSuffix(o.source, filepath.Ext(o.source)) + ".onnx"
		if source.IsDir() {
			o.out = checkpoint.Run{Dir: o.source}.Model()
		}
	}
	if info, err := os.Stat(o.out); err == nil && info.IsDir() {
		return fmt.Errorf("--out %s: is a folder; name a file in it", o.out)
	}
	dir := filepath.Dir(o.out)
	if info, err := os.Stat(dir); errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("--out %s: there is no folder %s; make it first", o.out, dir)
	} else if err == nil && !info.IsDir() {
		return fmt.Errorf("--out %s: %s is no folder; name a file in one", o.out, dir)
	}
	if o.fixtures != "" && atomicfile.Same(o.fixtures, dir) {
		return fmt.Errorf("%s would lie in the folder of --fixtures, which has a model.onnx of its own; name another folder", o.out)
	}
	// A run's own files, and the checkpoint, have other endings.
	info, err := os.Stat(o.out)
	if device := err == nil && !info.Mode().IsRegular(); given && !device && !strings.EqualFold(filepath.Ext(o.out), ".onnx") {
		return fmt.Errorf("--out %s: name a file that ends in .onnx", o.out)
	}
	if given && err == nil && os.SameFile(info, source) {
		return fmt.Errorf("--out %s: is the checkpoint itself; name another file", o.out)
	}
	return nil
}
