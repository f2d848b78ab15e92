// Package checkpoint keeps the state of a training run on disk.
//
// A [Checkpoint] is one safetensors file that holds everything that training
// needs to go on as if it had never stopped, and everything that export needs:
// weights under their parameter names, the solver's momentum under
// "momentum/" and the same names, and in the metadata the resolved config, the
// place in the data, the sums of the running epoch and the last validation.
//
// A [Run] is the directory of one training run and knows where everything in
// it lies. Files are replaced as a whole: a crash or a full disk leaves the file
// that was there before.
package checkpoint
