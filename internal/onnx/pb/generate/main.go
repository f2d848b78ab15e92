// Command generate turns a .proto file of the current directory into Go, beside
// the schema. It needs neither protoc nor anything else installed: protocompile
// parses the schema, and the protoc-gen-go that go.mod names as a tool writes
// the code.
package main

import (
	"context"
	"fmt"
	"os"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: generate FILE.proto (in the directory of the file)")
		os.Exit(2)
	}
	name, source, err := generate(context.Background(), ".", os.Args[1])
	if err == nil {
		err = os.WriteFile(name, source, 0o644)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}
