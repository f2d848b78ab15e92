package main

import (
	"errors"
	"fmt"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"github.com/sphereface-go/sphereface"
	"github.com/sphereface-go/sphereface/internal/face"
	"github.com/sphereface-go/sphereface/internal/ort"
)

// options are all flags and arguments, valid.
type options struct {
	arguments []string

	model, library string
	threads        int
	supplied       map[string]string // metadata by key that stands for the model's own
	assume         bool

	faces     faceChoice
	noDetect  bool
	alignment string            // of crop; a model's is in supplied
	limits    sphereface.Limits // of reading photos; all share its memory

	json        bool
	explain     string // file of the picture, or ""
	format, out string

	images, pairs, roc, rocScale, mistakes, attributes string
	folds                                              int
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
	o.limits.Memory = sphereface.NewMemory(face.DefaultMemory)
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
	if flag := f.Lookup("model"); flag != nil && flag.Changed && o.model == "" {
		return o, "", fmt.Errorf("--model \"\": name a file, or leave the flag out; see infer %s --help", c.name)
	}
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
	f.StringVar(&f.o.model, "model", "", "`FILE` of the model, or "+builtIn+" (./"+builtIn+" for a file of that name; default: "+modelVariable+", else "+defaultModel+" in the current directory or beside the binary, else "+builtIn+")")
}

func (f *flags) addRuntime() {
	f.StringVar(&f.o.library, "ort-library", "", "`FILE` or directory of ONNX Runtime's shared library (default: "+ort.LibraryVariable+", else beside the binary, else the system's)")
	f.addThreads()
}

func (f *flags) addThreads() {
	f.IntVar(&f.o.threads, "threads", 0, "`NUMBER` of threads to compute with; 0 = all cores")
}

// addFaces adds the choice of faces in the two photos of verify.
func (f *flags) addFaces() {
	f.Var(&f.o.faces.number, "face", "`N`, or N,M: the number of the face in both photos, or in each; infer detect counts them (default: the most prominent)")
	f.BoolVar(&f.o.faces.all, "all", false, "compare all faces of A with all of B")
}

func (f *flags) addExplain() {
	f.StringVar(&f.o.explain, "explain", "", "`FILE` for a picture of the comparison, a PNG")
}

func (f *flags) addCrop() {
	f.StringVar(&f.o.out, "out", "", "`DIR` for the crops; it is made if it is not there")
	f.BoolVar(&f.o.faces.all, "all", false, "crop every face: NAME_face1.png, NAME_face2.png, ...")
	f.StringVar(&f.o.alignment, "alignment", string(face.AlignDetect), "`NAME` of the way from photo to crop: "+alignments())
}

func (f *flags) addNoDetect() {
	f.BoolVar(&f.o.noDetect, "no-detect", false, "take every image for an aligned crop, of 96×112 pixels or that shape")
}

func (f *flags) addTimeout() {
	f.DurationVar(&f.o.limits.Time, "timeout", face.DefaultTime, "`TIME` that reading a photo and finding its faces may take")
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
	f.StringVar(&f.o.roc, "roc", "", "`FILE` for the ROC curve: a picture (.png), or its corners as a table (.csv)")
	f.StringVar(&f.o.rocScale, "roc-scale", "linear", "`SCALE` of the false-accept rate in that picture: linear, or log, which spreads the small rates")
	f.StringVar(&f.o.mistakes, "mistakes", "", "`FILE` for a sheet of the pairs that are judged wrong, a PNG")
	f.StringVar(&f.o.attributes, "attributes", "", "`FILE` of the images' attributes, LFW's lfw_attributes.txt, to tell groups of people apart")
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
	if o.rocScale == "log" && (o.roc == "" || strings.EqualFold(filepath.Ext(o.roc), ".csv")) {
		return errors.New("--roc-scale: name a picture of the curve with --roc, a file that ends in .png")
	}
	if c.name == "embed" && !slices.Contains(formatNames(), o.format) {
		return fmt.Errorf("--format %s: one of %s", o.format, strings.Join(formatNames(), ", "))
	}
	if err := o.faces.validate(o.noDetect); err != nil {
		return err
	}
	if err := face.Alignment(o.alignment).Validate(); err != nil && c.name == "crop" {
		return fmt.Errorf("--alignment %s: one of %s", o.alignment, alignments())
	}
	if o.noDetect && o.supplied["alignment"] != "" {
		return errors.New("--no-detect: takes images for aligned crops; leave --alignment out")
	}
	if o.limits.Time < 0 || o.limits.Time == 0 && c.reads {
		return fmt.Errorf("--timeout %v: give a time above 0, such as 30s", o.limits.Time)
	}
	return o.validateSupplied()
}

// workers is the number of photos to read at once.
func (o *options) workers() int {
	if o.threads > 0 {
		return o.threads
	}
	return runtime.GOMAXPROCS(0)
}
