package config

import (
	"fmt"
	"strconv"
	"strings"
)

// Steps are the milestones. The error says what is wrong with them.
func (s Solver) Steps() ([]int, error) {
	var steps []int
	for _, field := range strings.Fields(s.Milestones) {
		step, err := strconv.Atoi(field)
		if err != nil || step < 1 || len(steps) > 0 && step <= steps[len(steps)-1] {
			return nil, fmt.Errorf("must be whole numbers from 1 on, each above the one before, such as 16000 24000; got %q", s.Milestones)
		}
		steps = append(steps, step)
	}
	return steps, nil
}
