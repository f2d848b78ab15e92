// Package solver changes parameters by their gradients: stochastic gradient
// descent with momentum and weight decay, a limit on the gradient's norm, and
// the schedules of the learning rate.
package solver
