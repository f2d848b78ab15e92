package config

import (
	"fmt"
	"math"
)

// KeyError says that the value of one key does not fit the others.
type KeyError struct {
	Key     string // dotted path
	Problem string // what is wrong and what is allowed
}

func (e *KeyError) Error() string { return fmt.Sprintf("config: key %s: %s", e.Key, e.Problem) }

// maxSynthetic bounds the number of synthetic images, of each of which a training keeps
// some hundred bytes.
const maxSynthetic = 10_000_000

// Validate checks what no single value shows: how the keys fit together. The
// error is a *KeyError. What a single value may be is checked when it is read.
func (c Config) Validate() error {
	problem := func(key, format string, args ...any) error {
		return &KeyError{Key: key, Problem: fmt.Sprintf(format, args...)}
	}
	h := c.Head
	switch h.Kind {
	case "asoftmax":
		if h.Margin != math.Trunc(h.Margin) || h.Margin < 1 {
			return problem("head.margin", "must be 1, 2, 3 or 4 for asoftmax, got %v", h.Margin)
		}
		if h.LambdaMin > h.LambdaBase {
			return problem("head.lambda_min", "must be at most head.lambda_base (%v), got %v", h.LambdaBase, h.LambdaMin)
		}
	case "cosface":
		if h.Margin >= 1 {
			return problem("head.margin", "must be below 1 for cosface (a cosine, usually 0.35), got %v", h.Margin)
		}
	case "arcface":
		if h.Margin >= math.Pi/2 {
			return problem("head.margin", "must be below π/2 for arcface (radians, usually 0.5), got %v", h.Margin)
		}
	}
	if c.Data.Source != "synthetic" && c.Data.Root == "" {
		return problem("data.root", "must name the folder of the images, for example --data.root data/%s", c.Data.Source)
	}
	if n := c.Data.People * c.Data.Images; c.Data.Source == "synthetic" && n > maxSynthetic {
		return problem("data.images", "times data.people must be at most %d images, got %d·%d", maxSynthetic, c.Data.Images, c.Data.People)
	}
	if c.Data.Source == "lfw" && (c.Data.Fold > 0) != (c.Data.Split == "view2") {
		return problem("data.fold", "must be 1 or more for the split view2, and 0 for others, got %d for %s", c.Data.Fold, c.Data.Split)
	}
	if steps, err := c.Solver.Steps(); err != nil {
		return problem("solver.milestones", "%v", err)
	} else if c.Solver.Schedule == "milestones" && len(steps) == 0 {
		return problem("solver.milestones", "must name the steps of the schedule milestones, such as 16000 24000")
	}
	v := c.Validation
	if v.Every > 0 {
		if c.Data.Holdout == 0 {
			return problem("data.holdout", "must be above 0 for validation, or set validation.every to 0")
		}
		if v.Pairs%(2*v.Folds) != 0 {
			return problem("validation.pairs", "must be a multiple of 2·folds = %d, got %d", 2*v.Folds, v.Pairs)
		}
	}
	return nil
}
