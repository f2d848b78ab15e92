// Package ops holds the Gorgonia operators that the networks of this project
// are built of, with their gradients: convolution with PReLU and residual
// addition, fully connected, and the margin softmax that trains them. The
// arithmetic is internal/kernel's; here is what Gorgonia needs to know of it.
//
// Conventions that hold for all of them:
//
//   - Tensors are float32, row-major, activations N×C×H×W.
//   - An operator owns its result and its scratch, so that a step of training
//     allocates nothing. A result is valid until the next run of the graph.
//   - A Gorgonia operator returns one value. Where a gradient has several, one
//     operator computes them all, and small operators that depend on it hand
//     them out (see parts).
//   - An operator's hash is its kind and its attributes. Gorgonia merges nodes
//     of equal hash and inputs, which then compute the same values.
package ops
