package safetensors

// Tensor is a named float32 array, row-major.
type Tensor struct {
	Name   string
	Shape  []int
	Values []float32
}

// File is the content of one safetensors file.
type File struct {
	Metadata map[string]string
	Tensors  []Tensor // in the order of their values in the file
}

const (
	// metadataKey is the header entry that holds the metadata.
	metadataKey = "__metadata__"
	// align is what the start of the values is aligned to, in bytes. The
	// format asks for it, so that a file can be mapped into memory.
	align = 8
	// maxHeader bounds the header in bytes: the limit of the reference reader.
	maxHeader = 100_000_000
	// dtype is the format's name for float32, of itemSize bytes.
	dtype    = "F32"
	itemSize = 4
)

// size returns the number of values of a shape, or false if it is negative or
// more than a file can hold.
func size(shape []int) (int, bool) {
	n := 1
	for _, d := range shape {
		if d < 0 {
			return 0, false
		}
		if d != 0 && n > (1<<60)/d {
			return 0, false
		}
		n *= d
	}
	return n, true
}
