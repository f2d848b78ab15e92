package main

// allocation are variables that make PyTorch faster than it is by default: glibc
// then keeps the memory of big tensors between steps, and the system need not
// clear it anew each time. docs/benchmarks.md has what that gives.
var allocation = []string{"MALLOC_MMAP_MAX_=0", "MALLOC_TRIM_THRESHOLD_=2000000000", "MALLOC_ARENA_MAX=1"}

// limitsOf are the variables that hold PyTorch to the instructions that our
// kernels are held to: its own kernels, oneDNN and MKL have one each. Without
// a wish each side uses the best that it has. PyTorch has no counterpart of
// plain Go and is not limited beside it.
func limitsOf(wish string) []string {
	if wish != "avx2" {
		return nil
	}
	return []string{"ATEN_CPU_CAPABILITY=avx2", "ONEDNN_MAX_CPU_ISA=AVX2", "MKL_ENABLE_INSTRUCTIONS=AVX2"}
}
