package kernel

// Level names the instruction set that the kernels use: "portable" is plain Go.
func Level() string { return "portable" }
