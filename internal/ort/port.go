package ort

import (
	"fmt"
	"strings"
)

// String gives the name, type and shape, such as "input float32 N×3×112×96".
func (p Port) String() string {
	dims := make([]string, len(p.Shape))
	for i, d := range p.Shape {
		switch {
		case d >= 0:
			dims[i] = fmt.Sprint(d)
		case i == 0:
			dims[i] = "N"
		default:
			dims[i] = "?"
		}
	}
	return strings.TrimSpace(fmt.Sprintf("%s %s %s", p.Name, p.Type, strings.Join(dims, "×")))
}

func describe(ports []Port) string {
	if len(ports) == 0 {
		return "nothing"
	}
	each := make([]string, len(ports))
	for i, p := range ports {
		each[i] = p.String()
	}
	return strings.Join(each, ", ")
}
