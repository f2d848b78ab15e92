package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/sphereface-go/sphereface/internal/version"
)

// The exit codes, as grep has them. The second is for different people in verify, and
// for photos without a face in detect and crop. An interrupt is the shell's own
// 128 + SIGINT, as in the other binaries.
const (
	exitSame        = 0
	exitDifferent   = 1
	exitTrouble     = 2
	exitInterrupted = 130
)

// What is no trouble and no success either. It is printed already.
var (
	errDifferent = errors.New("different people")
	errNoFace    = errors.New("photos without a face")
)

// exitCode prints the error, if it is one, and gives the program's exit code.
func exitCode(err error, stderr io.Writer) int {
	switch {
	case err == nil:
		return exitSame
	case errors.Is(err, errDifferent), errors.Is(err, errNoFace):
		return exitDifferent
	case errors.Is(err, context.Canceled):
		fmt.Fprintln(stderr, "infer: interrupted")
		return exitInterrupted
	}
	fmt.Fprintln(stderr, "infer: "+oneLine(err.Error()))
	return exitTrouble
}

// oneLine keeps the promise of one line also for a file name with a line break.
func oneLine(text string) string {
	return strings.NewReplacer("\n", " ", "\r", " ").Replace(text)
}

// A command is one of infer's verbs.
type command struct {
	name, arguments, summary, details string
	flags                             func(f *flags)
	reads                             bool // photos, within the time that --timeout gives
	run                               func(ctx context.Context, o options, stdout, stderr io.Writer) error
}

func commands() []command {
	return []command{verifyCommand(), embedCommand(), evalCommand(), detectCommand(), cropCommand(), checkCommand()}
}

// run does what the arguments say.
func run(ctx context.Context, args []string, stdout, stderr io.Writer) error {
	if len(args) == 0 {
		return fmt.Errorf("no command: one of %s; see infer --help", names())
	}
	name, rest := args[0], args[1:]
	switch name {
	case "-h", "--help", "help":
		if name == "help" && len(rest) == 1 {
			return run(ctx, []string{rest[0], "--help"}, stdout, stderr)
		}
		return printText(stdout, usage())
	case "--version", "version":
		return printText(stdout, version.Of("infer")+"\n")
	}
	for _, c := range commands() {
		if c.name == name {
			o, help, err := parse(c, rest)
			if err != nil {
				return err
			}
			if help != "" {
				return printText(stdout, help)
			}
			return c.run(ctx, o, stdout, stderr)
		}
	}
	return fmt.Errorf("unknown command %q: one of %s; see infer --help", name, names())
}

func names() string {
	var all []string
	for _, c := range commands() {
		all = append(all, c.name)
	}
	return strings.Join(all, ", ")
}

func printText(stdout io.Writer, text string) error {
	return printResult(stdout, false, nil, text)
}

func usage() string {
	var b strings.Builder
	b.WriteString("infer answers questions about faces with a model that export wrote.\n\nUsage:\n")
	for _, c := range commands() {
		fmt.Fprintf(&b, "  infer %-38s %s\n", c.name+" "+c.arguments, c.summary)
	}
	b.WriteString("  infer --version\n\n" +
		"The model is --model, else the environment variable " + modelVariable + ", else " + defaultModel + "\n" +
		"in the current directory, else " + defaultModel + " beside the binary, else the one that is in\n" +
		"the binary, " + builtIn + ". All about pre-processing and the threshold is read from it. detect\n" +
		"and crop need none.\n\n" +
		"See infer COMMAND --help for a command's flags.\n")
	return b.String()
}
