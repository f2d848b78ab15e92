package main

import (
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/pflag"

	"github.com/sphereface-go/sphereface/internal/face"
	"github.com/sphereface-go/sphereface/internal/onnx"
	"github.com/sphereface-go/sphereface/internal/ort"
)

// options are all flags and arguments, valid.
type options struct {
	arguments []string

	model, library string
	threads        int
	supplied       map[string]string // metadata by key that stands for the model's own
	assume         bool

	json        bool
	format, out string

	images, pairs, roc, rocScale string
	folds                        int
}

// flags is a command's flag set and where its values go.
type flags struct {
	*pflag.FlagSet
	supply *pflag.FlagSet // those of them that stand for metadata, but for the threshold
	o      *options
}

// parse reads a command's arguments. If help is asked for it returns the text.
func parse(c command, args []string) (o options, help string, err error) {
	f := &flags{newFlagSet(), newFlagSet(), &o}
	c.flags(f)
	help = c.help(f)
	f.AddFlagSet(f.supply)
	switch err := f.Parse(args); {
	case errors.Is(err, pflag.ErrHelp):
		return o, help, nil
	case err != nil:
		return o, "", fmt.Errorf("%w; see infer %s --help", err, c.name)
	}
	o.arguments = f.Args()
	if f.Lookup("assume-sphereface") != nil {
		o.assume, _ = f.GetBool("assume-sphereface") // it is one
	}
	o.supplied = make(map[string]string)
	for _, m := range metadataFlags {
		if flag := f.Lookup(flagName(m.key)); flag != nil && flag.Changed {
			o.supplied[m.key] = flag.Value.String()
		}
	}
	if err := o.validate(c); err != nil {
		return o, "", fmt.Errorf("%w; see infer %s --help", err, c.name)
	}
	return o, "", nil
}

func newFlagSet() *pflag.FlagSet {
	set := pflag.NewFlagSet("infer", pflag.ContinueOnError)
	set.SortFlags = false
	set.Usage = func() {}
	return set
}

func (c command) help(f *flags) string {
	const columns = 100
	text := fmt.Sprintf("Usage: infer %s [flags] %s\n\n%s\n\nFlags:\n%s", c.name, c.arguments, c.details, f.FlagUsagesWrapped(columns))
	if f.supply.HasFlags() {
		text += "\nFlags that supply or replace what the model's metadata says:\n" + f.supply.FlagUsagesWrapped(columns)
	}
	return text
}

func (f *flags) addModel() {
	f.StringVar(&f.o.model, "model", "", "`FILE` of the model (default: "+modelVariable+", else "+defaultModel+" in the current directory or beside the binary)")
}

func (f *flags) addRuntime() {
	f.StringVar(&f.o.library, "ort-library", "", "`FILE` or directory of ONNX Runtime's shared library (default: "+ort.LibraryVariable+", else beside the binary, else the system's)")
	f.IntVar(&f.o.threads, "threads", 0, "`NUMBER` of threads to compute with; 0 = all cores")
}

func (f *flags) addJSON() {
	f.BoolVar(&f.o.json, "json", false, "print one JSON object")
}

func (f *flags) addEmbed() {
	f.StringVar(&f.o.format, "format", "jsonl", "output `FORMAT`: "+strings.Join(formatNames(), ", "))
	f.StringVar(&f.o.out, "out", "", "`FILE` to write, complete or not at all (default: standard output)")
}

func (f *flags) addEval() {
	f.StringVar(&f.o.images, "images", "", "`DIR` with a folder of images for each person")
	f.StringVar(&f.o.pairs, "pairs", "", "`FILE` with the pairs, in the format of LFW's pairs.txt")
	f.IntVar(&f.o.folds, "folds", 0, "`NUMBER` of folds for a list that has none of its own; 0 = 10")
	f.StringVar(&f.o.roc, "roc", "", "`FILE` for the ROC curve, a PNG")
	f.StringVar(&f.o.rocScale, "roc-scale", "linear", "`SCALE` of its false-accept rate: linear, or log, which spreads the small rates")
}

// metadataFlags supply what a model of another maker does not say, or replace what
// a model says. Their names are the metadata's keys with dashes.
var metadataFlags = []struct{ key, usage string }{
	{"threshold", "same person if the similarity is at least this `COSINE`, -1 to 1 (default: the model's)"},
	{"mirror", "whether the mirror image's embedding is compared, too"},
	{"alignment", "`NAME` of the way from photo to crop: " + alignments()},
	{"input_layout", "`ORDER` of the input's dimensions: " + onnx.Layout},
	{"pixel_format", "`ORDER` of the channels: " + onnx.PixelFormat},
	{"pixel_range", "`RANGE` of pixel values before normalisation: " + onnx.PixelRange},
	{"pixel_mean", "`VALUE` that is subtracted from a pixel"},
	{"pixel_std", "`VALUE` that the difference is divided by"},
	{"crop_height", "rows of the crop, in `PIXELS`"},
	{"crop_width", "columns of the crop, in `PIXELS`"},
	{"crop_template", "`[[x,y],...]` of eyes, nose and corners of the mouth in the crop"},
	{"interpolation", "`NAME` of the sampling of the photo: " + onnx.Interpolation},
	{"metric", "`NAME` of the similarity: " + onnx.Metric},
}

func alignments() string {
	var names []string
	for _, a := range face.Alignments() {
		names = append(names, string(a))
	}
	return strings.Join(names, ", ")
}

func flagName(key string) string { return strings.ReplaceAll(key, "_", "-") }

func (f *flags) addThreshold() { f.String("threshold", "", metadataFlags[0].usage) }

// addMetadata adds the other flags of metadataFlags.
func (f *flags) addMetadata() {
	f.supply.Bool("assume-sphereface", false, "take this project's own for all that the model does not say")
	for _, m := range metadataFlags[1:] {
		if m.key == "mirror" {
			f.supply.Bool("mirror", false, m.usage)
		} else {
			f.supply.String(flagName(m.key), "", m.usage)
		}
	}
}

// validate checks every value that can be judged before a file is read.
func (o *options) validate(c command) error {
	if o.threads < 0 || o.threads > 1024 {
		return fmt.Errorf("--threads %d: give 0 for all cores, or up to 1024", o.threads)
	}
	if o.folds < 0 || o.folds == 1 {
		return fmt.Errorf("--folds %d: give at least 2, or 0 for the list's own", o.folds)
	}
	if _, ok := rocScales[o.rocScale]; c.name == "eval" && !ok {
		return fmt.Errorf("--roc-scale %s: one of linear, log", o.rocScale)
	}
	if o.rocScale == "log" && o.roc == "" {
		return errors.New("--roc-scale: name the file of the curve with --roc")
	}
	if c.name == "embed" && !slices.Contains(formatNames(), o.format) {
		return fmt.Errorf("--format %s: one of %s", o.format, strings.Join(formatNames(), ", "))
	}
	for _, m := range metadataFlags {
		value, ok := o.supplied[m.key]
		if !ok {
			continue
		}
		var problems *onnx.ContractError
		_, err := onnx.ParseContract(map[string]string{m.key: value})
		if errors.As(err, &problems) && len(problems.Invalid) > 0 {
			return fmt.Errorf("--%s %s: %s", flagName(m.key), strconv.Quote(value), problems.Invalid[0].Want)
		}
	}
	return nil
}

// workers is the number of photos to read at once.
func (o *options) workers() int {
	if o.threads > 0 {
		return o.threads
	}
	return runtime.GOMAXPROCS(0)
}
