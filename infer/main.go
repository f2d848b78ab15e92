// The program infer answers questions about faces with a model that export wrote:
//
//	infer verify A B                       do two photos show the same person?
//	infer embed FILE|DIR...                the features of photos, for other programs
//	infer eval --images DIR --pairs FILE   how well does the model do on a pair list?
//	infer detect FILE|DIR...               where are the faces in photos?
//	infer crop FILE|DIR... --out DIR       the aligned crops of photos, as PNG
//	infer check [model.onnx]               what does a model say of itself?
//
// Everything about pre-processing and the threshold is read from the model's
// metadata. ONNX Runtime computes; see package ort for where its library is
// looked for. detect, crop and check need no ONNX Runtime, and the first two no
// model.
//
// Any photo will do: faces are looked for, and the most prominent one is taken, which
// is large and near the centre. A model whose alignment is fixed is the exception.
//
// verify, eval and check print JSON if they are asked to, detect and embed print it
// as it is. That of verify says for each photo which faces it saw and where the one
// that it compared was cut out; see infer verify --help.
//
// verify exits as grep does: with 0 for the same person, 1 for different people
// and 2 for trouble. detect and crop exit with 1 if some photo has no face. The
// others exit with 0 or 2. Interrupted by SIGINT or SIGTERM all exit with 130.
// Trouble is one line on standard error, and then no output file is left behind or
// changed, but for crops that were written before.
//
// The program is written on package sphereface, at the module's root, which other Go
// programs can use.
package main

import (
	"os"

	"github.com/sphereface-go/sphereface/internal/interrupt"
)

func main() {
	ctx, stop := interrupt.Context(nil)
	code := exitCode(run(ctx, os.Args[1:], os.Stdout, os.Stderr), os.Stderr)
	stop()
	os.Exit(code)
}
