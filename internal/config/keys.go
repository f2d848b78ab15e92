package config

import (
	"fmt"
	"reflect"
	"strings"
	"sync"
)

// Key describes one setting, for flags, help and documentation.
type Key struct {
	Path    string // dotted, e.g. "solver.rate"
	Help    string // one line
	Unit    string // "" if the value has none
	Type    string // "bool", "float", "int" or "string"
	Default string // in the form that YAML and flags take
	Allowed string // what values are allowed, e.g. "a number above 0, at most 1"
	Resume  bool   // whether it may change when a run is resumed
	Saved   bool   // whether it is part of the saved config

	index []int
	rule  rule
}

// allKeys lists every setting in the order of [Config].
var allKeys = sync.OnceValue(func() []Key {
	defaults := Default()
	var keys []Key
	var walk func(t reflect.Type, prefix string, index []int)
	walk = func(t reflect.Type, prefix string, index []int) {
		for i := range t.NumField() {
			f := t.Field(i)
			path := prefix + f.Tag.Get("yaml")
			at := append(append([]int(nil), index...), i)
			if f.Type.Kind() == reflect.Struct {
				walk(f.Type, path+".", at)
				continue
			}
			k := Key{
				Path: path, Help: f.Tag.Get("help"), Unit: f.Tag.Get("unit"),
				Resume: f.Tag.Get("resume") == "yes", Saved: f.Tag.Get("saved") != "no",
				index: at, rule: newRule(f),
			}
			k.Type, k.Allowed = k.rule.kindName(), k.rule.allowed()
			k.Default = fmt.Sprint(reflect.ValueOf(defaults).FieldByIndex(at))
			keys = append(keys, k)
		}
	}
	walk(reflect.TypeFor[Config](), "", nil)
	return keys
})

// find returns the key of a dotted path.
func find(path string) (Key, bool) {
	for _, k := range allKeys() {
		if k.Path == path {
			return k, true
		}
	}
	return Key{}, false
}

// isSection reports whether path is a group of keys, such as "solver".
func isSection(path string) bool {
	for _, k := range allKeys() {
		if strings.HasPrefix(k.Path, path+".") {
			return true
		}
	}
	return false
}

// children lists the names directly below a section ("" = the top level).
func children(section string) []string {
	prefix := ""
	if section != "" {
		prefix = section + "."
	}
	var names []string
	seen := map[string]bool{}
	for _, k := range allKeys() {
		rest, ok := strings.CutPrefix(k.Path, prefix)
		if !ok {
			continue
		}
		name, _, _ := strings.Cut(rest, ".")
		if !seen[name] {
			seen[name] = true
			names = append(names, name)
		}
	}
	return names
}

// field returns the settable field of c that k names.
func (k Key) field(c *Config) reflect.Value {
	return reflect.ValueOf(c).Elem().FieldByIndex(k.index)
}

// Value returns the setting of k in c, in the form that YAML and flags take.
func (k Key) Value(c Config) string { return fmt.Sprint(k.field(&c)) }
