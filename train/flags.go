package main

import (
	"errors"
	"fmt"
	"io"

	"github.com/spf13/pflag"

	"github.com/sphereface-go/sphereface/internal/config"
)

// options are the flags of `train` itself.
type options struct {
	config    string
	resume    string
	init      string
	overwrite bool
	version   bool
	settings  *config.Flags
}

const trainUsage = `Train a face-verification network.

Usage:
  train --config FILE [flags]       start a run
  train --resume DIR [flags]        go on with a run that was stopped
  train eval --run DIR --pairs FILE --images DIR
                                    accuracy of a run on a list of pairs
  train data --root DIR [--fetch]   check Labeled Faces in the Wild

Ctrl-C finishes the step, saves, and says how to go on. Exit codes: 0 done, 2 trouble,
130 interrupted.

Flags:
`

const settingsUsage = `
Settings: each is a key of the same path in the YAML file, which it overrides.
`

func parseTrain(args []string, stdout io.Writer) (options, error) {
	var o options
	fs := newFlagSet("train")
	fs.StringVar(&o.config, "config", "", "YAML file with the settings of the run")
	fs.StringVar(&o.resume, "resume", "", "run directory of the run to go on with")
	fs.StringVar(&o.init, "init", "", "start with the weights of this .onnx file, exported from the same network (models/lfw/lfw.onnx is the built-in one, of configs/lfw.yaml)")
	fs.BoolVar(&o.overwrite, "overwrite", false, "start over in a run directory that holds a run already: it is removed, with its model.onnx")
	fs.BoolVar(&o.version, "version", false, "print the version and the kernels in use, and exit")
	settings := newFlagSet("settings")
	o.settings = config.Register(settings)
	own := fs.FlagUsages()
	fs.AddFlagSet(settings)
	if err := parse(fs, args); err != nil {
		if errors.Is(err, pflag.ErrHelp) {
			fmt.Fprint(stdout, trainUsage, own, settingsUsage, settings.FlagUsages())
		}
		return options{}, err
	}
	return o, o.validate()
}

func (o options) validate() error {
	switch {
	case o.version:
		return nil
	case o.config == "" && o.resume == "":
		return errors.New("name the settings of a new run with --config FILE (configs/demo.yaml needs no data), or a run to go on with by --resume DIR")
	case o.config != "" && o.resume != "":
		return errors.New("--config starts a run and --resume goes on with one: give one of them")
	case o.resume != "" && o.init != "":
		return errors.New("--init is for a new run; a resumed one has its weights")
	case o.resume != "" && o.overwrite:
		return errors.New("--overwrite is for a new run; --resume keeps the one that is there")
	}
	return nil
}

// evalOptions are the flags of `train eval`.
type evalOptions struct {
	run, pairs, images string
	threads, folds     int
	json               bool
}

const evalUsage = `Accuracy of a training run on a list of pairs, computed by the trainer itself.

Usage:
  train eval --run DIR --pairs FILE --images DIR

Flags:
`

func parseEval(args []string, stdout io.Writer) (evalOptions, error) {
	var o evalOptions
	fs := newFlagSet("train eval")
	fs.StringVar(&o.run, "run", "", "run directory (its last checkpoint) or checkpoint file")
	fs.StringVar(&o.pairs, "pairs", "", "list of pairs in LFW's format")
	fs.StringVar(&o.images, "images", "", "folder with one folder of images a person")
	fs.IntVar(&o.folds, "folds", 0, "folds, for a list that has none of its own (0 = 10)")
	fs.IntVar(&o.threads, "threads", 0, "goroutines to compute with (0 = one a core)")
	fs.BoolVar(&o.json, "json", false, "print one JSON object")
	if err := parse(fs, args); err != nil {
		if errors.Is(err, pflag.ErrHelp) {
			fmt.Fprint(stdout, evalUsage, fs.FlagUsages())
		}
		return evalOptions{}, err
	}
	for _, f := range []struct{ name, value string }{{"run", o.run}, {"pairs", o.pairs}, {"images", o.images}} {
		if f.value == "" {
			return evalOptions{}, fmt.Errorf("eval needs --%s: %s", f.name, fs.Lookup(f.name).Usage)
		}
	}
	if o.threads < 0 || o.threads > 1024 {
		return evalOptions{}, fmt.Errorf("--threads %d: give 0 for one a core, or up to 1024", o.threads)
	}
	if o.folds < 0 {
		return evalOptions{}, fmt.Errorf("--folds %d: give 0 for the list's own, or their number", o.folds)
	}
	return o, nil
}

// dataOptions are the flags of `train data`.
type dataOptions struct {
	root  string
	fetch bool
}

const dataUsage = `Check a folder of Labeled Faces in the Wild against its official lists.

Usage:
  train data --root DIR [--fetch]

Flags:
`

func parseData(args []string, stdout io.Writer) (dataOptions, error) {
	var o dataOptions
	fs := newFlagSet("train data")
	fs.StringVar(&o.root, "root", "data/lfw", "folder with the images, in lfw-deepfunneled (or lfw, lfw-funneled, lfw_funneled), and the official lists, or an archive of it")
	fs.BoolVar(&o.fetch, "fetch", false, "download what is missing: the deep-funneled images from LFW's authors, or else the funneled ones from scikit-learn's mirror; a download that was cut off goes on")
	if err := parse(fs, args); err != nil {
		if errors.Is(err, pflag.ErrHelp) {
			fmt.Fprint(stdout, dataUsage, fs.FlagUsages())
		}
		return dataOptions{}, err
	}
	if o.root == "" {
		return dataOptions{}, errors.New("--root must name the folder of LFW")
	}
	return o, nil
}

func newFlagSet(name string) *pflag.FlagSet {
	fs := pflag.NewFlagSet(name, pflag.ContinueOnError)
	fs.SortFlags = false
	fs.SetOutput(io.Discard) // errors go to one place, main
	fs.Usage = func() {}
	return fs
}

// parse also refuses arguments that are no flags.
func parse(fs *pflag.FlagSet, args []string) error {
	if err := fs.Parse(args); err != nil {
		if errors.Is(err, pflag.ErrHelp) {
			return err
		}
		return fmt.Errorf("%w (see %s --help)", err, fs.Name())
	}
	if fs.NArg() > 0 {
		return fmt.Errorf("unknown argument %q (see %s --help)", fs.Arg(0), fs.Name())
	}
	return nil
}
