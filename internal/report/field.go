package report

import (
	"math"
	"strconv"
	"strings"
	"time"
)

// A Field is a figure shown beside the progress: "loss 3.214".
type Field struct{ Name, Value string }

// Number is a field with a number of the given significant digits, at least 1.
func Number(name string, v float64, digits int) Field {
	return Field{name, significant(v, digits)}
}

// Percent is a field with a share (1 is all) in percent, to a tenth.
func Percent(name string, share float64) Field {
	return Field{name, strconv.FormatFloat(100*share, 'f', 1, 64) + "%"}
}

// significant keeps trailing zeros, so that a figure does not change its width
// while it is watched.
func significant(v float64, digits int) string {
	if v == 0 || math.IsInf(v, 0) || math.IsNaN(v) {
		return strconv.FormatFloat(v, 'g', -1, 64)
	}
	exponent := int(math.Floor(math.Log10(math.Abs(v))))
	if exponent < -4 || exponent > 9 {
		return strconv.FormatFloat(v, 'e', digits-1, 64)
	}
	return strconv.FormatFloat(v, 'f', max(digits-1-exponent, 0), 64)
}

func join(fields []Field) string {
	parts := make([]string, len(fields))
	for i, f := range fields {
		parts[i] = f.Name + " " + f.Value
	}
	return strings.Join(parts, ", ")
}

// brief is a duration for people: 0s, 42s, 3m05s, 2h07m.
func brief(d time.Duration) string {
	two := func(n int) string {
		if n < 10 {
			return "0" + strconv.Itoa(n)
		}
		return strconv.Itoa(n)
	}
	s := int(math.Round(d.Seconds()))
	switch {
	case s < 60:
		return strconv.Itoa(s) + "s"
	case s < 3600:
		return strconv.Itoa(s/60) + "m" + two(s%60) + "s"
	}
	return strconv.Itoa(s/3600) + "h" + two(s/60%60) + "m"
}
