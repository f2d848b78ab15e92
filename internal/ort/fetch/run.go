package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"runtime"

	"github.com/spf13/pflag"

	"github.com/sphereface-go/sphereface/internal/ort/module"
)

func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	flags := pflag.NewFlagSet("fetch", pflag.ContinueOnError)
	flags.SetOutput(stdout)
	flags.Usage = func() {
		fmt.Fprintf(stdout, "Usage: fetch [flags]\n\nPuts ONNX Runtime's shared library into a directory.\n\n%s", flags.FlagUsages())
	}
	out := flags.String("out", "bin", "directory that the library is put into; made if need be")
	goos := flags.String("os", runtime.GOOS, "operating system, by Go's name")
	goarch := flags.String("arch", runtime.GOARCH, "architecture, by Go's name")
	switch err := flags.Parse(args); {
	case errors.Is(err, pflag.ErrHelp):
		return nil
	case err != nil:
		return fmt.Errorf("fetch: %w", err)
	case flags.NArg() > 0:
		return fmt.Errorf("fetch: unexpected argument %q: see --help", flags.Arg(0))
	}
	library, carrier, err := module.Library(ctx, *goos, *goarch, stderr)
	if err != nil {
		return fmt.Errorf("fetch: %w", err)
	}
	target := filepath.Join(*out, filepath.Base(library))
	fresh, err := place(library, target)
	switch {
	case err != nil:
		return err
	case fresh:
		fmt.Fprintf(stdout, "%s from %s\n", target, carrier)
	default:
		fmt.Fprintf(stdout, "%s is up to date with %s\n", target, carrier)
	}
	return nil
}
