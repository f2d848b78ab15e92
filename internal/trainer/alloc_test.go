package trainer

import "testing"

// TestSolverParamsAllocate: the list for the solver is made once. What the rest
// of a step allocates is counted where the graph is.
func TestSolverParamsAllocate(t *testing.T) {
	s := newSession(t, t.TempDir(), parse(t, tiny))
	if n := testing.AllocsPerRun(10, func() { s.solverParams() }); n != 0 {
		t.Errorf("the list of parameters takes %v allocations a step, want 0", n)
	}
}
