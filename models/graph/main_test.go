package graph_test

import (
	"fmt"
	"os"
	"testing"

	"github.com/sphereface-go/sphereface/internal/kernel"
)

// TestMain fails where the environment asks for a level of kernels that is not
// here: the tests would pass on another one.
func TestMain(m *testing.M) {
	if err := kernel.CheckLevel(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}
