package solver

import "math"

// Schedule gives the learning rate of each step.
type Schedule struct {
	Kind   string  // "constant", "step", "milestones" or "cosine"
	Rate   float64 // after warm-up
	Warmup int     // steps of linear rise

	Total int // steps of the whole run; cosine reaches zero after the last

	// For "step": the rate is multiplied by Factor after every Stair steps; for
	// "milestones", at each of these steps.
	Stair      int
	Milestones []int
	Factor     float64
}

// At returns the rate of a step, counted from 0.
//
// Warm-up rises linearly and reaches Rate at its last step (Goyal et al.,
// "Accurate, large minibatch SGD", 2017, section 2.2). Cosine is half a period
// over the steps that follow, without restarts (Loshchilov and Hutter, "SGDR",
// 2017, equation 5). The stairs are counted from the first step of the run.
func (s Schedule) At(step int) float64 {
	if step < s.Warmup {
		return s.Rate * float64(step+1) / float64(s.Warmup)
	}
	switch s.Kind {
	case "step":
		return s.Rate * math.Pow(s.Factor, float64(step/s.Stair))
	case "milestones":
		passed := 0
		for _, m := range s.Milestones {
			if step >= m {
				passed++
			}
		}
		return s.Rate * math.Pow(s.Factor, float64(passed))
	case "cosine":
		left := s.Total - s.Warmup
		if left <= 0 {
			return s.Rate
		}
		done := min(1, float64(step-s.Warmup)/float64(left))
		return s.Rate * (1 + math.Cos(math.Pi*done)) / 2
	default:
		return s.Rate
	}
}
