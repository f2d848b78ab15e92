package config

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/sphereface-go/sphereface/internal/readfile"
)

// MaxFile bounds the size of a config file in bytes; ours are a few thousand.
const MaxFile = 1 << 20

// Load reads the YAML file, puts the flags (nil for none) on top, resolves the
// values that mean "choose for me" and validates the whole.
func Load(file string, flags *Flags) (Config, error) {
	if info, err := os.Stat(file); err == nil && info.IsDir() {
		return Config{}, fmt.Errorf("config: %s: is a folder; name a YAML file", file)
	}
	data, err := readfile.AtMost(file, MaxFile)
	if _, long := errors.AsType[*readfile.TooLongError](err); long {
		return Config{}, fmt.Errorf("config: %w", err)
	} else if err != nil {
		return Config{}, fmt.Errorf("config: %s: cannot be read: %w", file, readfile.Plain(err))
	}
	c, err := Parse(file, data, flags)
	if err != nil {
		return Config{}, err
	}
	if c.Run == "" {
		name := strings.TrimSuffix(filepath.Base(file), filepath.Ext(file))
		if name == "" {
			return Config{}, fmt.Errorf("config: %s: has no name that its run directory could be called by; name that with --run", file)
		}
		c.Run = filepath.Join("runs", name)
	}
	return c, nil
}

// Parse is [Load] from memory; file names the data in errors.
func Parse(file string, data []byte, flags *Flags) (Config, error) {
	r := newReader()
	if err := r.readYAML(file, data); err != nil {
		return Config{}, err
	}
	if err := r.apply(flags); err != nil {
		return Config{}, err
	}
	r.config.resolve()
	if err := r.config.Validate(); err != nil {
		return Config{}, r.locate(file, err)
	}
	return r.config, nil
}

// Resume is Parse for the config saved with a run: of the flags, it takes only
// those that a run may change on its way.
func Resume(file string, saved []byte, flags *Flags) (Config, error) {
	for _, s := range flags.given() {
		if !s.key.Resume {
			return Config{}, fmt.Errorf("config: --%s cannot change when a run is resumed; start another run for it", s.key.Path)
		}
	}
	return Parse(file, saved, flags)
}

// resolve replaces every value that means "choose for me".
func (c *Config) resolve() {
	if c.Threads == 0 {
		c.Threads = runtime.GOMAXPROCS(0)
	}
	if c.Head.Margin == 0 {
		c.Head.Margin = usualMargin[c.Head.Kind]
	}
	if c.Head.Scale == 0 && c.Head.Kind != "softmax" && c.Head.Kind != "asoftmax" {
		c.Head.Scale = 64
	}
}

// usualMargin holds the margins of the papers: SphereFace (Liu 2017) m = 4,
// CosFace (Wang 2018) 0.35, ArcFace (Deng 2019) 0.5. The others have none.
var usualMargin = map[string]float64{"asoftmax": 4, "cosface": 0.35, "arcface": 0.5}

// locate adds to a KeyError the place where the key's value came from.
func (r *reader) locate(file string, err error) error {
	var ke *KeyError
	if !errors.As(err, &ke) {
		return err
	}
	origin, ok := r.origin[ke.Key]
	if !ok {
		origin = file
	}
	if strings.HasPrefix(origin, "--") {
		return fmt.Errorf("config: %s: %s", origin, ke.Problem)
	}
	return fmt.Errorf("config: %s: key %s: %s", origin, ke.Key, ke.Problem)
}
