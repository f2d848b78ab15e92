package pico

import "math/bits"

// less is 1 if a is less than b and else 0, without a branch: which way a node
// goes cannot be predicted.
func less(a, b int) int { return int(uint(a-b) >> (bits.UintSize - 1)) }
