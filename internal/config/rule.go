package config

import (
	"errors"
	"fmt"
	"math"
	"reflect"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// rule says which values a key takes.
type rule struct {
	kind             reflect.Kind
	words            []string // oneof
	low, high        float64
	openLow, openTop bool // whether low and high themselves are excluded
}

func newRule(f reflect.StructField) rule {
	r := rule{kind: f.Type.Kind(), low: math.Inf(-1), high: math.Inf(1)}
	if w, ok := f.Tag.Lookup("oneof"); ok {
		r.words = strings.Split(w, "|")
	}
	bound := func(tag string, to *float64, open *bool, isOpen bool) {
		s, ok := f.Tag.Lookup(tag)
		if !ok {
			return
		}
		v, err := strconv.ParseFloat(s, 64)
		if err != nil {
			panic(fmt.Sprintf("config: field %s: tag %s: %v", f.Name, tag, err))
		}
		*to, *open = v, isOpen
	}
	bound("min", &r.low, &r.openLow, false)
	bound("above", &r.low, &r.openLow, true)
	bound("max", &r.high, &r.openTop, false)
	bound("below", &r.high, &r.openTop, true)
	return r
}

func (r rule) kindName() string {
	switch r.kind {
	case reflect.Bool:
		return "bool"
	case reflect.Float64:
		return "float"
	case reflect.Int, reflect.Uint64:
		return "int"
	case reflect.String:
		return "string"
	default:
		panic(fmt.Sprintf("config: no rule for a field of kind %v", r.kind))
	}
}

// allowed says in words what set accepts.
func (r rule) allowed() string {
	switch r.kind {
	case reflect.Bool:
		return "true or false"
	case reflect.String:
		if len(r.words) > 0 {
			return "one of " + strings.Join(r.words, ", ")
		}
		return "text of one line in UTF-8"
	}
	s := "a number"
	switch r.kind {
	case reflect.Int:
		s = "a whole number"
	case reflect.Uint64:
		return "a whole number from 0 to 18446744073709551615"
	}
	num := func(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
	if r.low == r.high {
		return s + " " + num(r.low)
	}
	if !r.openLow && !r.openTop {
		return s + " from " + num(r.low) + " to " + num(r.high)
	}
	if r.openLow {
		s += " above " + num(r.low)
	} else {
		s += " of at least " + num(r.low)
	}
	if r.openTop {
		return s + " and below " + num(r.high)
	}
	return s + " and at most " + num(r.high)
}

var errValue = errors.New("value not allowed")

// set parses text into v, or leaves v alone and returns errValue.
func (r rule) set(v reflect.Value, text string) error {
	switch r.kind {
	case reflect.Bool:
		if text != "true" && text != "false" {
			return errValue
		}
		v.SetBool(text == "true")
	case reflect.String:
		if len(r.words) > 0 && !r.has(text) || !printable(text) {
			return errValue
		}
		v.SetString(text)
	case reflect.Int:
		n, err := strconv.ParseInt(text, 10, strconv.IntSize)
		if err != nil || !r.within(float64(n)) {
			return errValue
		}
		v.SetInt(n)
	case reflect.Uint64:
		n, err := strconv.ParseUint(text, 10, 64)
		if err != nil {
			return errValue
		}
		v.SetUint(n)
	case reflect.Float64:
		x, err := strconv.ParseFloat(text, 64)
		if err != nil || !r.within(x) {
			return errValue
		}
		v.SetFloat(x)
	}
	return nil
}

// printable tells whether a YAML file gives the text back as it is, which it does not
// with line breaks at its ends, or bytes that are no text.
func printable(text string) bool {
	return utf8.ValidString(text) && !strings.ContainsFunc(text, unicode.IsControl)
}

func (r rule) has(word string) bool {
	for _, w := range r.words {
		if w == word {
			return true
		}
	}
	return false
}

// within is false for NaN, whatever the bounds.
func (r rule) within(x float64) bool {
	lowOK := x >= r.low && !(r.openLow && x == r.low)
	topOK := x <= r.high && !(r.openTop && x == r.high)
	return lowOK && topOK && !math.IsInf(x, 0)
}
