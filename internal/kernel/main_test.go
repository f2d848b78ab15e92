package kernel

import (
	"fmt"
	"os"
	"testing"
)

// TestMain fails where the environment asks for a level that is not here: all
// that takes the level in use would pass on another one. (Tests that loop over
// levels run all that are here, whatever it asks for.)
func TestMain(m *testing.M) {
	if err := CheckLevel(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}
