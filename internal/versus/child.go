package main

import (
	"bufio"
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// program is a Python program that answers commands: see torch_step.py.
type program struct {
	name   string // of what it measures, for errors
	file   string
	source []byte
}

//go:embed torch_step.py
var torchStep []byte

//go:embed photos.py
var photosSource []byte

// child is the process that runs a program.
type child struct {
	name   string
	in     io.WriteCloser
	out    *bufio.Scanner
	stderr *tail
	wait   func() error

	greeting greeting
	idleCPU  float64   // seconds, since the child's first turn
	results  []float64 // of every run so far
}

// greeting is the child's first line: what it is and what it runs on.
type greeting struct {
	About string `json:"about"`
}

// answer is the child's line after a command.
type answer struct {
	Seconds []float64 `json:"seconds"`
	Results []float64 `json:"results"` // what each run computed, to be checked
	// IdleCPU is the CPU time of the child from its last answer to this command.
	IdleCPU float64 `json:"idle_cpu"`
}

// start writes the program into dir and starts it on the spec at path. It ends with
// ctx at the latest.
func (p program) start(ctx context.Context, python, dir, path string, environment []string) (*child, error) {
	file := filepath.Join(dir, p.file)
	if err := os.WriteFile(file, p.source, 0o600); err != nil {
		return nil, fmt.Errorf("%s: %w", p.name, err)
	}
	cmd := exec.CommandContext(ctx, python, file, path)
	cmd.Env = append(os.Environ(), environment...)
	stderr := &tail{}
	cmd.Stderr = stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", p.name, err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", p.name, err)
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("%s: %w", p.name, err)
	}
	c, err := converse(p.name, in, out, stderr, cmd.Wait)
	if err != nil {
		in.Close()
		return nil, err
	}
	return c, nil
}

// converse is the protocol's beginning, over any pair of pipes.
func converse(name string, in io.WriteCloser, out io.Reader, stderr *tail, wait func() error) (*child, error) {
	c := &child{name: name, in: in, out: bufio.NewScanner(out), stderr: stderr, wait: wait}
	c.out.Buffer(nil, 1<<20)
	if err := c.read(&c.greeting); err != nil {
		return nil, err
	}
	if c.greeting.About == "" {
		return nil, fmt.Errorf("%s: its first line does not say what it is", name)
	}
	return c, nil
}

// run lets the child do its work n times.
func (c *child) run(ctx context.Context, n int) ([]float64, error) {
	seconds, err := c.times(n)
	if ctx.Err() != nil { // which ended the child, and says more than how it ended
		return nil, context.Cause(ctx)
	}
	return seconds, err
}

func (c *child) times(n int) ([]float64, error) {
	if _, err := fmt.Fprintf(c.in, "run %d\n", n); err != nil {
		return nil, c.ended(err)
	}
	var a answer
	if err := c.read(&a); err != nil {
		return nil, err
	}
	if len(a.Seconds) != n || len(a.Results) != n {
		return nil, fmt.Errorf("%s: %d times and %d results for %d runs", c.name, len(a.Seconds), len(a.Results), n)
	}
	for _, s := range a.Seconds {
		if !(s > 0) {
			return nil, fmt.Errorf("%s: a run of %v seconds", c.name, s)
		}
	}
	if len(c.results) > 0 { // before the first turn it was not yet idle
		c.idleCPU += a.IdleCPU
	}
	c.results = append(c.results, a.Results...)
	return a.Seconds, nil
}

// read takes the next line apart, which must be a JSON object of known fields.
func (c *child) read(v any) error {
	if !c.out.Scan() {
		err := c.out.Err()
		if err == nil {
			err = io.ErrUnexpectedEOF
		}
		return c.ended(err)
	}
	d := json.NewDecoder(strings.NewReader(c.out.Text()))
	d.DisallowUnknownFields()
	if err := d.Decode(v); err != nil {
		return fmt.Errorf("%s: line %q: %w", c.name, c.out.Text(), err)
	}
	return nil
}

// ended is the error of a child that no longer answers: the last line that it
// wrote to stderr says most.
func (c *child) ended(err error) error {
	c.in.Close()
	if c.wait() != nil {
		if line := c.stderr.last(); line != "" {
			return fmt.Errorf("%s: the process ended: %s", c.name, line)
		}
	}
	return fmt.Errorf("%s: the process ended: %w", c.name, err)
}

// close ends the child and waits for it.
func (c *child) close() error {
	c.in.Close()
	if err := c.wait(); err != nil {
		return fmt.Errorf("%s: %w: %s", c.name, err, c.stderr.last())
	}
	return nil
}
