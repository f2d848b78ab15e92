package config

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/spf13/pflag"
)

// small is a config that needs nothing from disk.
const small = "data:\n  source: synthetic\n"

func TestParseErrors(t *testing.T) {
	for _, tc := range []struct{ name, yaml, want string }{
		{"typo", "solver:\n  momentun: 0.9\n", `config: c.yaml:2: key solver.momentun: unknown key (did you mean "momentum"?); allowed: rate, momentum,`},
		{"typo at the top", "tread: 2\n", `config: c.yaml:1: key tread: unknown key (did you mean "threads"?); allowed: seed,`},
		{"nothing close", "zzzzzz: 2\n", `config: c.yaml:1: key zzzzzz: unknown key; allowed: seed,`},
		{"dotted", "solver.rate: 2\n", `config: c.yaml:1: key solver.rate: unknown key; in YAML, sections are nested, not dotted`},
		{"wrong type", "seed: 1\ntrain:\n  epochs: many\n", `config: c.yaml:3: key train.epochs: must be a whole number from 1 to 1000000, got "many"`},
		{"quoted number", "train:\n  epochs: \"3\"\n", `c.yaml:2: key train.epochs: must be a whole number from 1 to 1000000, got the quoted text "3"`},
		{"fraction", "train:\n  batch: 12.5\n", `c.yaml:2: key train.batch: must be a whole number from 1 to 65536, got "12.5"`},
		{"out of range", "solver:\n  rate: 0\n", `c.yaml:2: key solver.rate: must be a number above 0 and at most 1000, got "0"`},
		{"negative", "solver:\n  momentum: -0.1\n", `c.yaml:2: key solver.momentum: must be a number of at least 0 and below 1, got "-0.1"`},
		{"not a number", "solver:\n  rate: .nan\n", `c.yaml:2: key solver.rate: must be a number above 0`},
		{"infinite", "head:\n  lambda_base: .inf\n", `c.yaml:2: key head.lambda_base: must be a number from 0`},
		{"word", "solver:\n  schedule: cosin\n", `c.yaml:2: key solver.schedule: must be one of constant, step, milestones, cosine, got "cosin" (did you mean "cosine"?)`},
		{"another precision", "precision: fp16\n", `c.yaml:1: key precision: must be one of float32, bf16, got "fp16"`},
		{"yes for true", "augment:\n  mirror: yes\n", `c.yaml:2: key augment.mirror: must be true or false, got "yes"`},
		{"nothing", "train:\n  batch:\n", `c.yaml:2: key train.batch: must be a whole number from 1 to 65536, got nothing`},
		{"a list", "train:\n  batch: [1]\n", `c.yaml:2: key train.batch: must be a whole number from 1 to 65536, got a list`},
		{"value for a section", "solver: sgd\n", `c.yaml:1: key solver: must hold the keys rate, momentum,`},
		{"no mapping", "- a\n- b\n", `config: c.yaml:1: must be keys and values`},
		{"twice", "seed: 1\nthreads: 1\nseed: 2\n", `c.yaml:3: key seed: given twice (first at line 1)`},
		{"not YAML", "seed: 1\n  bad\n\t", `config: c.yaml:`},
		{"two documents", small + "---\n" + small, `config: c.yaml:3: a second YAML document`},
		{"margin", small + "head:\n  kind: asoftmax\n  margin: 2.5\n", `config: c.yaml:5: key head.margin: must be 1, 2, 3 or 4 for asoftmax, got 2.5`},
		{"cosface margin", small + "head:\n  kind: cosface\n  margin: 4\n", `c.yaml:5: key head.margin: must be below 1 for cosface`},
		{"arcface margin", small + "head:\n  kind: arcface\n  margin: 4\n", `c.yaml:5: key head.margin: must be below π/2 for arcface`},
		{"lambda", small + "head:\n  lambda_min: 2000\n", `c.yaml:4: key head.lambda_min: must be at most head.lambda_base (1500), got 2000`},
		{"many faces", "data: {source: synthetic, people: 1000000, images: 10000}\n", `c.yaml:1: key data.images: times data.people must be at most 10000000 images, got 10000·1000000`},
		{"text of two lines", "data:\n  root: \"\\nphotos\"\n", `c.yaml:2: key data.root: must be text of one line in UTF-8, got "\nphotos"`},
		{"binary", "data:\n  root: !!binary cGj/dG9z\n", `c.yaml:2: key data.root: must be text of one line in UTF-8, got binary data`},
		{"no root", "data:\n  source: folder\n", `config: c.yaml: key data.root: must name the folder of the images`},
		{"pairs", small + "validation:\n  pairs: 30\n", `c.yaml:4: key validation.pairs: must be a multiple of 2·folds = 20, got 30`},
		{"no one held out", small + "  holdout: 0\n", `c.yaml:3: key data.holdout: must be above 0 for validation, or set validation.every to 0`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := Parse("c.yaml", []byte(tc.yaml), nil)
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Fatalf("got  %v\nwant %s", err, tc.want)
			}
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("more than one line: %q", err)
			}
		})
	}
}

func TestLoadErrors(t *testing.T) {
	dir := t.TempDir()
	big := filepath.Join(dir, "big.yaml")
	if err := os.WriteFile(big, make([]byte, MaxFile+1), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, ".yaml"), []byte(small), 0o644); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		filepath.Join(dir, "none.yaml"): "none.yaml: cannot be read: no such file",
		dir:                             "is a folder; name a YAML file",
		big:                             "big.yaml: is longer than 1048576 bytes",
		filepath.Join(dir, ".yaml"):     ".yaml: has no name that its run directory could be called by",
	} {
		if _, err := Load(path, nil); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("Load(%s): got %v, want %s", path, err, want)
		}
	}
}

func newFlags(t *testing.T, args ...string) *Flags {
	t.Helper()
	fs := pflag.NewFlagSet("train", pflag.ContinueOnError)
	flags := Register(fs)
	if err := fs.Parse(args); err != nil {
		t.Fatal(err)
	}
	return flags
}

func TestFlagOverridesFile(t *testing.T) {
	yaml := small + "solver:\n  rate: 0.1\n  momentum: 0.5\naugment:\n  mirror: false\n"
	flags := newFlags(t, "--solver.rate=0.2", "--augment.mirror", "--train.batch", "16", "--seed", "18446744073709551615")
	c, err := Parse("c.yaml", []byte(yaml), flags)
	if err != nil {
		t.Fatal(err)
	}
	if c.Solver.Rate != 0.2 || !c.Augment.Mirror || c.Train.Batch != 16 || c.Seed != 1<<64-1 {
		t.Errorf("flags did not override: %+v", c)
	}
	if c.Solver.Momentum != 0.5 {
		t.Errorf("momentum of the file is lost: %v", c.Solver.Momentum)
	}
	if c.Solver.WeightDecay != Default().Solver.WeightDecay {
		t.Errorf("default of weight decay is lost: %v", c.Solver.WeightDecay)
	}
}

func TestFlagErrors(t *testing.T) {
	for _, tc := range []struct {
		args []string
		want string
	}{
		{[]string{"--solver.rate=fast"}, `"fast" for "--solver.rate" flag: must be a number above 0 and at most 1000`},
		{[]string{"--solver.schedule=cosin"}, `must be one of constant, step, milestones, cosine (did you mean "cosine"?)`},
		{[]string{"--augment.mirror=yes"}, `must be true or false`},
	} {
		fs := pflag.NewFlagSet("train", pflag.ContinueOnError)
		Register(fs)
		if err := fs.Parse(tc.args); err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%v: got %v, want %s", tc.args, err, tc.want)
		}
	}
	_, err := Parse("c.yaml", []byte(small), newFlags(t, "--head.margin=2.5"))
	if want := "config: --head.margin: must be 1, 2, 3 or 4 for asoftmax, got 2.5"; err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestResolve(t *testing.T) {
	for kind, want := range map[string][2]float64{
		"softmax": {0, 0}, "normalized": {0, 64}, "asoftmax": {4, 0}, "cosface": {0.35, 64}, "arcface": {0.5, 64},
	} {
		c, err := Parse("c.yaml", []byte(small+"head:\n  kind: "+kind+"\n"), nil)
		if err != nil {
			t.Fatal(err)
		}
		if c.Head.Margin != want[0] || c.Head.Scale != want[1] || c.Threads < 1 {
			t.Errorf("%s: margin %v, scale %v, threads %d", kind, c.Head.Margin, c.Head.Scale, c.Threads)
		}
	}
}

func TestMarshalRoundTrip(t *testing.T) {
	c := Default()
	c.Seed = 1<<64 - 1
	c.Threads = 3
	c.Precision = "bf16"
	c.Data.Source = "folder"
	c.Data.Root = "1.5"        // text that would read as a number
	c.Data.Cache = "it's: # ü" // text that needs quotes
	c.Solver.Rate = 0.1 + 0.2  // needs all its digits
	c.Head.Margin = 4
	c.Run = "runs/x"
	got, err := Parse("saved", c.Marshal(), nil)
	if err != nil {
		t.Fatalf("%v\n%s", err, c.Marshal())
	}
	c.Run = "" // not saved
	if got != c {
		t.Errorf("got  %+v\nwant %+v", got, c)
	}
	if string(got.Marshal()) != string(c.Marshal()) {
		t.Error("the same config gives other bytes")
	}
}

func TestResume(t *testing.T) {
	saved, err := Parse("c.yaml", []byte(small), nil)
	if err != nil {
		t.Fatal(err)
	}
	c, err := Resume("saved", saved.Marshal(), newFlags(t, "--train.epochs=99", "--precision=bf16"))
	if err != nil || c.Train.Epochs != 99 || c.Precision != "bf16" {
		t.Errorf("epochs %d, precision %s, %v", c.Train.Epochs, c.Precision, err)
	}
	_, err = Resume("saved", saved.Marshal(), newFlags(t, "--network.width=2"))
	if err == nil || !strings.Contains(err.Error(), "--network.width cannot change when a run is resumed") {
		t.Errorf("got %v", err)
	}
	if c, err := Resume("saved", saved.Marshal(), nil); err != nil || c != saved {
		t.Errorf("without flags: %+v, %v", c, err)
	}
}

// TestDefaultsAreAllowed catches a default that its own rule refuses.
func TestDefaultsAreAllowed(t *testing.T) {
	for _, k := range allKeys() {
		var c Config
		if err := k.rule.set(k.field(&c), k.Default); err != nil {
			t.Errorf("%s: default %q is not %s", k.Path, k.Default, k.Allowed)
		}
		if k.Help == "" {
			t.Errorf("%s has no help", k.Path)
		}
	}
}

// TestRecipeOfLFW keeps the three places that have it alike.
func TestRecipeOfLFW(t *testing.T) {
	lfw, err := Load("../../configs/lfw.yaml", nil)
	if err != nil {
		t.Fatal(err)
	}
	fold, err := Load("../../configs/lfw-fold.yaml", nil)
	if err != nil {
		t.Fatal(err)
	}
	fold.Run, fold.Data.Split, fold.Data.Fold = lfw.Run, lfw.Data.Split, lfw.Data.Fold
	if !bytes.Equal(fold.Marshal(), lfw.Marshal()) {
		t.Errorf("lfw-fold.yaml differs from lfw.yaml in more than the split and the fold:\n%s%s", fold.Marshal(), lfw.Marshal())
	}
	defaults, err := Parse("lfw.yaml", []byte("data: {root: data/lfw}"), nil)
	if err != nil {
		t.Fatal(err)
	}
	defaults.Precision, defaults.Checkpoint = lfw.Precision, lfw.Checkpoint
	defaults.Network.Width, defaults.Network.Dropout = lfw.Network.Width, lfw.Network.Dropout
	if !bytes.Equal(defaults.Marshal(), lfw.Marshal()) {
		t.Errorf("the defaults differ from lfw.yaml:\n%s%s", defaults.Marshal(), lfw.Marshal())
	}
}

// TestShippedConfigs keeps configs/ valid and complete: each file names every
// key but the run directory, and says something about it.
func TestShippedConfigs(t *testing.T) {
	files, err := filepath.Glob("../../configs/*.yaml")
	if err != nil || len(files) < 3 {
		t.Fatalf("configs: %v, %v", files, err)
	}
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			r := newReader()
			if err := r.readYAML(file, data); err != nil {
				t.Fatal(err)
			}
			for _, k := range allKeys() {
				if _, ok := r.origin[k.Path]; !ok && k.Saved {
					t.Errorf("key %s is missing", k.Path)
				}
			}
			for i, line := range strings.Split(string(data), "\n") {
				if strings.TrimSpace(line) != "" && !strings.Contains(line, "#") && !strings.HasSuffix(line, ":") {
					t.Errorf("line %d has no comment: %s", i+1, line)
				}
			}
			if _, err := Load(file, nil); err != nil {
				t.Error(err)
			}
		})
	}
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(small))
	f.Add(Default().Marshal())
	f.Add([]byte("data: {root: \"\\nphotos\"}\n"))
	f.Add([]byte("data: {root: !!binary cGj/dG9z}\n"))
	f.Add([]byte("a: &a [*a]\n"))
	f.Add([]byte("solver: &s\n  rate: 1\ntrain: *s\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := Parse("f.yaml", data, nil)
		if err != nil {
			if !strings.HasPrefix(err.Error(), "config: ") || strings.Contains(err.Error(), "\n") {
				t.Fatalf("error is not one line of ours: %q", err)
			}
			return
		}
		again, err := Parse("f.yaml", c.Marshal(), nil)
		if err != nil {
			t.Fatalf("%v\n%s", err, c.Marshal())
		}
		c.Run = ""
		if again != c {
			t.Fatalf("got %+v, want %+v", again, c)
		}
	})
}

func TestMilestones(t *testing.T) {
	for _, tc := range []struct{ solver, want string }{
		{`schedule: milestones, milestones: "16000 24000"`, ""},
		{`schedule: milestones, milestones: 7`, ""},
		{`schedule: cosine`, ""},
		{`schedule: milestones`, "solver.milestones: must name the steps of the schedule milestones, such as 16000 24000"},
		{`schedule: milestones, milestones: "3 3"`, `solver.milestones: must be whole numbers from 1 on, each above the one before, such as 16000 24000; got "3 3"`},
		{`schedule: milestones, milestones: "1,2"`, "solver.milestones: must be whole numbers from 1 on"},
		{`schedule: cosine, milestones: "0"`, "solver.milestones: must be whole numbers from 1 on"},
	} {
		c, err := Parse("c.yaml", []byte(small+"solver: {"+tc.solver+"}\n"), nil)
		if tc.want == "" {
			if err != nil {
				t.Errorf("%s: %v", tc.solver, err)
			} else if steps, err := c.Solver.Steps(); err != nil || c.Solver.Schedule == "milestones" && steps[0] != 16000 && steps[0] != 7 {
				t.Errorf("%s: %v, %v", tc.solver, steps, err)
			}
			continue
		}
		if err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("%s: got %v, want %s", tc.solver, err, tc.want)
		}
	}
	if steps, err := (Solver{Milestones: " 5  90 "}).Steps(); err != nil || len(steps) != 2 || steps[0] != 5 || steps[1] != 90 {
		t.Errorf("%v, %v", steps, err)
	}
}
