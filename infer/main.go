// The program infer answers questions about faces with a model that export wrote:
//
//	infer verify A B                       do two photos show the same person?
//	infer embed FILE|DIR...                the features of photos, for other programs
//	infer eval --images DIR --pairs FILE   how well does the model do on a pair list?
//	infer check [model.onnx]               what does a model say of itself?
//
// Everything about pre-processing and the threshold is read from the model's
// metadata. ONNX Runtime computes; see package ort for where its library is
// looked for.
//
// verify, eval and check print JSON if they are asked to. That of verify says for
// each photo where the face was cut out of it; see infer verify --help.
//
// verify exits as grep does: with 0 for the same person, 1 for different people
// and 2 for trouble. The others exit with 0 or 2. Interrupted by SIGINT or SIGTERM
// all exit with 130. Trouble is one line on standard error, and then no output file
// is left behind or changed.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	// After the first signal the default is back: a second one ends at once.
	context.AfterFunc(ctx, stop)
	code := exitCode(run(ctx, os.Args[1:], os.Stdout, os.Stderr), os.Stderr)
	stop()
	os.Exit(code)
}
