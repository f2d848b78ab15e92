// Package verification decides whether two embeddings show the same person and
// measures how well a set of such decisions went.
//
// The decision rule is the same everywhere: two images show the same person if
// and only if their similarity is at least the threshold. [Evaluate] follows the
// protocol of Labeled Faces in the Wild (Huang, Ramesh, Berg, Learned-Miller:
// "Labeled Faces in the Wild", University of Massachusetts, Amherst, Technical
// Report 07-49, section III): the pairs come in k folds, each fold is judged with
// a threshold that was chosen on the other folds alone, and the result is the
// mean accuracy over the folds with the standard error of that mean.
//
// The package holds pure functions: no files, no model, no global state.
package verification
