package atomicfile

import "os"

// Same tells whether two paths lead to one file or folder, which is there: to write to
// one would change the other.
func Same(a, b string) bool {
	x, err := os.Stat(a)
	if err != nil {
		return false
	}
	y, err := os.Stat(b)
	return err == nil && os.SameFile(x, y)
}
