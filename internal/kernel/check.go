package kernel

import "fmt"

// mustLen panics unless a tensor has the length that its shape asks for.
func mustLen(op, tensor string, got, want int) {
	if got != want {
		panic(fmt.Sprintf("kernel: %s: %s has %d elements, its shape needs %d", op, tensor, got, want))
	}
}

// mustLenOrNil is mustLen for a tensor that may be left out.
func mustLenOrNil(op, tensor string, t []float32, want int) {
	if t != nil {
		mustLen(op, tensor, len(t), want)
	}
}
