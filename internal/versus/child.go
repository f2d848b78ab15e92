package main

import (
	"bufio"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

//go:embed torch_step.py
var script []byte

// child is the process that runs torch_step.py.
type child struct {
	in     io.WriteCloser
	out    *bufio.Scanner
	stderr *tail
	wait   func() error

	greeting greeting
	idleCPU  float64   // seconds, since the child's first turn
	losses   []float64 // of every step so far
}

// greeting is the child's first line: what PyTorch says of itself.
type greeting struct {
	Version    string `json:"version"`
	Capability string `json:"capability"` // the instructions its own kernels use
	Threads    int    `json:"threads"`
}

// answer is the child's line after a command.
type answer struct {
	Seconds []float64 `json:"seconds"`
	Losses  []float64 `json:"losses"`
	// IdleCPU is the CPU time of the child from its last answer to this command.
	IdleCPU float64 `json:"idle_cpu"`
}

// startChild writes the script into dir and starts it on the spec at path, which
// ends with ctx at the latest.
func startChild(ctx context.Context, python, dir, path string, environment []string) (*child, error) {
	file := filepath.Join(dir, "torch_step.py")
	if err := os.WriteFile(file, script, 0o600); err != nil {
		return nil, fmt.Errorf("pytorch: %w", err)
	}
	cmd := exec.CommandContext(ctx, python, file, path)
	cmd.Env = append(os.Environ(), environment...)
	stderr := &tail{}
	cmd.Stderr = stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return nil, fmt.Errorf("pytorch: %w", err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, fmt.Errorf("pytorch: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("pytorch: %w", err)
	}
	c, err := converse(in, out, stderr, cmd.Wait)
	if err != nil {
		in.Close()
		return nil, err
	}
	return c, nil
}

// converse is the protocol's beginning, over any pair of pipes.
func converse(in io.WriteCloser, out io.Reader, stderr *tail, wait func() error) (*child, error) {
	c := &child{in: in, out: bufio.NewScanner(out), stderr: stderr, wait: wait}
	c.out.Buffer(nil, 1<<20)
	if err := c.read(&c.greeting); err != nil {
		return nil, err
	}
	if c.greeting.Version == "" {
		return nil, errors.New("pytorch: its first line has no version")
	}
	return c, nil
}

// run lets the child do n steps.
func (c *child) run(ctx context.Context, n int) ([]float64, error) {
	seconds, err := c.steps(n)
	if ctx.Err() != nil { // which ended the child, and says more than how it ended
		return nil, context.Cause(ctx)
	}
	return seconds, err
}

func (c *child) steps(n int) ([]float64, error) {
	if _, err := fmt.Fprintf(c.in, "step %d\n", n); err != nil {
		return nil, c.ended(err)
	}
	var a answer
	if err := c.read(&a); err != nil {
		return nil, err
	}
	if len(a.Seconds) != n || len(a.Losses) != n {
		return nil, fmt.Errorf("pytorch: %d times and %d losses for %d steps", len(a.Seconds), len(a.Losses), n)
	}
	for _, s := range a.Seconds {
		if !(s > 0) {
			return nil, fmt.Errorf("pytorch: a step of %v seconds", s)
		}
	}
	if len(c.losses) > 0 { // before the first turn it was not yet idle
		c.idleCPU += a.IdleCPU
	}
	c.losses = append(c.losses, a.Losses...)
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
		return fmt.Errorf("pytorch: line %q: %w", c.out.Text(), err)
	}
	return nil
}

// ended is the error of a child that no longer answers: the last line that it
// wrote to stderr says most.
func (c *child) ended(err error) error {
	c.in.Close()
	if c.wait() != nil {
		if line := c.stderr.last(); line != "" {
			return fmt.Errorf("pytorch: the process ended: %s", line)
		}
	}
	return fmt.Errorf("pytorch: the process ended: %w", err)
}

// close ends the child and waits for it.
func (c *child) close() error {
	c.in.Close()
	if err := c.wait(); err != nil {
		return fmt.Errorf("pytorch: %w: %s", err, c.stderr.last())
	}
	return nil
}
