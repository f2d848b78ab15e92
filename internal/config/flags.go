package config

import (
	"fmt"
	"strconv"

	"github.com/spf13/pflag"
)

// Flags collects the settings given on the command line.
type Flags struct {
	set []setting
}

type setting struct {
	key  Key
	text string
}

// Register adds one flag a key to fs, in the order of [Config].
func Register(fs *pflag.FlagSet) *Flags {
	flags := &Flags{}
	for _, k := range allKeys() {
		usage := k.Help
		if k.Default == "0" {
			usage += " (default 0)" // pflag prints every default but this one
		}
		f := fs.VarPF(&flagValue{key: k, flags: flags, text: k.Default}, k.Path, "", usage)
		if k.Type == "bool" {
			f.NoOptDefVal = "true"
		}
	}
	return flags
}

// given are the settings in the order of the command line; those of nil are none.
func (f *Flags) given() []setting {
	if f == nil {
		return nil
	}
	return f.set
}

// flagValue is the pflag.Value of one key. It only records: the config file
// has to be read first, and the flags go on top of it.
type flagValue struct {
	key   Key
	flags *Flags
	text  string
}

func (v *flagValue) String() string { return v.text }

// Type stands after the flag's name in the help: the unit, where there is one.
func (v *flagValue) Type() string {
	if v.key.Unit != "" {
		return v.key.Unit
	}
	return v.key.Type
}

func (v *flagValue) Set(text string) error {
	var scratch Config
	if err := v.key.rule.set(v.key.field(&scratch), text); err != nil {
		return fmt.Errorf("must be %s%s", v.key.Allowed, suggest(text, v.key.rule.words))
	}
	v.text = text
	v.flags.set = append(v.flags.set, setting{v.key, text})
	return nil
}

// apply puts the flags on top of what r has read.
func (r *reader) apply(flags *Flags) error {
	for _, s := range flags.given() {
		if err := s.key.rule.set(s.key.field(&r.config), s.text); err != nil {
			return fmt.Errorf("config: --%s: must be %s, got %s", s.key.Path, s.key.Allowed, strconv.Quote(s.text))
		}
		r.origin[s.key.Path] = "--" + s.key.Path
	}
	return nil
}
