package main

import (
	"bufio"
	"io"
	"os"
	"strings"
)

// processor is the name of the processor, as far as the system tells it.
func processor() string {
	f, err := os.Open("/proc/cpuinfo")
	if err != nil {
		return "unknown processor"
	}
	defer f.Close()
	return processorIn(f)
}

// processorIn finds the name in the text of /proc/cpuinfo. Virtual machines cut
// it short, so that family and model are named too.
func processorIn(r io.Reader) string {
	found := map[string]string{}
	for s := bufio.NewScanner(r); s.Scan() && s.Text() != ""; {
		key, value, _ := strings.Cut(s.Text(), ":")
		found[strings.TrimSpace(key)] = strings.TrimSpace(value)
	}
	if found["model name"] == "" {
		return "unknown processor"
	}
	return found["model name"] + " (family " + found["cpu family"] + ", model " + found["model"] + ")"
}
