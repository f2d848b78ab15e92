package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"

	"github.com/spf13/pflag"

	"github.com/sphereface-go/sphereface/internal/kernel"
	"github.com/sphereface-go/sphereface/internal/version"
)

// run does what the arguments ask for. What belongs to the result goes to
// stdout, progress to stderr.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	err := dispatch(ctx, args, stdout, stderr)
	if errors.Is(err, pflag.ErrHelp) {
		return nil
	}
	return err
}

func dispatch(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	command, rest := "", args
	if len(args) > 0 && !strings.HasPrefix(args[0], "-") {
		command, rest = args[0], args[1:]
	}
	switch {
	case len(rest) == len(args):
		o, err := parseTrain(rest, stdout)
		if err != nil {
			return err
		}
		if o.version {
			fmt.Fprintf(stdout, "%s\n%s\n%s\n%d threads; --threads=N takes others\n", version.Of("train"), kernel.Describe(), bf16(), runtime.GOMAXPROCS(0))
			return kernel.CheckLevel()
		}
		if err := kernel.CheckLevel(); err != nil {
			return err
		}
		return train(ctx, o, stdout, stderr)
	case command == "eval":
		o, err := parseEval(rest, stdout)
		if err != nil {
			return err
		}
		if err := kernel.CheckLevel(); err != nil {
			return err
		}
		return eval(ctx, o, stdout, stderr)
	case command == "data":
		o, err := parseData(rest, stdout)
		if err != nil {
			return err
		}
		return data(ctx, o, stdout, stderr)
	case command == "help":
		_, err := parseTrain([]string{"--help"}, stdout)
		return err
	}
	return fmt.Errorf("unknown command %q: train takes flags, or eval or data first (see train --help)", command)
}

// bf16 says whether --precision=bf16 does anything here.
func bf16() string {
	if reason := kernel.WithoutBF16(); reason != "" {
		return "no products of bf16: " + reason
	}
	return "products of bf16 with --precision=bf16"
}
