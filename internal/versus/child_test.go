package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"
)

const hello = `{"about": "9.9, AVX2, 2 threads"}`

// scripted is a child that says hello and then answers its commands with the
// lines of answers, one each, and ends; commands receives what it was told.
func scripted(t *testing.T, stderr string, failure error, answers ...string) (c *child, commands *[]string, err error) {
	t.Helper()
	inRead, inWrite := io.Pipe()
	outRead, outWrite := io.Pipe()
	commands = &[]string{}
	done := make(chan struct{})
	go func() {
		defer close(done)
		defer inRead.Close()
		defer outWrite.Close()
		fmt.Fprintln(outWrite, answers[0])
		in := bufio.NewScanner(inRead)
		for _, a := range answers[1:] {
			if !in.Scan() {
				return
			}
			*commands = append(*commands, in.Text())
			fmt.Fprintln(outWrite, a)
		}
	}()
	wait := func() error {
		outRead.Close()
		<-done
		return failure
	}
	c, err = converse("pytorch", inWrite, outRead, &tail{text: []byte(stderr)}, wait)
	return c, commands, err
}

func TestChild(t *testing.T) {
	c, commands, err := scripted(
		t, "", nil, hello,
		`{"seconds": [0.5, 0.25], "results": [9, 8], "idle_cpu": 7}`,
		`{"seconds": [0.125], "results": [7], "idle_cpu": 0.5}`,
	)
	if err != nil {
		t.Fatal(err)
	}
	if want := (greeting{"9.9, AVX2, 2 threads"}); c.greeting != want {
		t.Errorf("greeting %+v, want %+v", c.greeting, want)
	}
	for i, want := range [][]float64{{0.5, 0.25}, {0.125}} {
		got, err := c.run(t.Context(), len(want))
		if err != nil || !slices.Equal(got, want) {
			t.Errorf("turn %d: %v, want %v (error %v)", i, got, want, err)
		}
	}
	if want := []float64{9, 8, 7}; !slices.Equal(c.results, want) {
		t.Errorf("results %v, want %v", c.results, want)
	}
	if c.idleCPU != 0.5 {
		t.Errorf("idle CPU %v, want that of the turns after the first", c.idleCPU)
	}
	if err := c.close(); err != nil {
		t.Error(err)
	}
	if want := []string{"run 2", "run 1"}; !slices.Equal(*commands, want) {
		t.Errorf("commands %q, want %q", *commands, want)
	}
}

func TestChildErrors(t *testing.T) {
	const trace = "Traceback (most recent call last):\n  File \"x\"\nRuntimeError: out of memory\n"
	for _, c := range []struct {
		name    string
		answers []string
		stderr  string
		failure error
		want    string
	}{
		{"nothing", []string{`{}`}, "", nil, "pytorch: its first line does not say"},
		{"no JSON", []string{"warning: something"}, "", nil, `line "warning: something"`},
		{"another protocol", []string{hello, `{"secs": [1]}`}, "", nil, `unknown field "secs"`},
		{"too few times", []string{hello, `{"seconds": [], "results": [1]}`}, "", nil, "0 times and 1 results for 1 runs"},
		{"no results", []string{hello, `{"seconds": [1], "results": []}`}, "", nil, "1 times and 0 results for 1 runs"},
		{"no time", []string{hello, `{"seconds": [0], "results": [1]}`}, "", nil, "a run of 0 seconds"},
		{"it fails", []string{hello}, trace, errors.New("exit status 1"), "the process ended: RuntimeError: out of memory"},
		{"it stops", []string{hello}, "", nil, "the process ended"},
	} {
		t.Run(c.name, func(t *testing.T) {
			child, _, err := scripted(t, c.stderr, c.failure, c.answers...)
			if err == nil {
				_, err = child.run(t.Context(), 1)
			}
			if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("error %v, want one line with %q", err, c.want)
			}
		})
	}
}

func TestTail(t *testing.T) {
	var w tail
	for i := range 5000 {
		fmt.Fprintf(&w, "line %d\n\n", i)
	}
	if got := w.last(); got != "line 4999" {
		t.Errorf("last line %q", got)
	}
	if len(w.text) > tailSize {
		t.Errorf("%d bytes kept, want %d at most", len(w.text), tailSize)
	}
	if got := (&tail{}).last(); got != "" {
		t.Errorf("last line of nothing is %q", got)
	}
}
