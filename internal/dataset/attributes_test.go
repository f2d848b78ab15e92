package dataset

import (
	"reflect"
	"strings"
	"testing"
)

func TestParseAttributes(t *testing.T) {
	const text = "# of LFW\n# \tperson\timagenum\tMale\tGray Hair\r\nAnn B\t1\t-1.5\t2e-3\r\nAnn B\t12\t0\t-0.5\n"
	a, err := ParseAttributes(strings.NewReader(text), "attributes.txt")
	if err != nil || !reflect.DeepEqual(a.Names, []string{"Male", "Gray Hair"}) {
		t.Fatalf("%+v, %v", a, err)
	}
	for _, c := range []struct {
		ref        Ref
		attribute  int
		has, known bool
	}{
		{Ref{"Ann_B", 1}, 0, false, true},
		{Ref{"Ann_B", 1}, 1, true, true},
		{Ref{"Ann_B", 12}, 0, false, true}, // 0 is not above 0
		{Ref{"Ann_B", 12}, 1, false, true},
		{Ref{"Ann_B", 2}, 1, false, false},
		{Ref{"Ann B", 1}, 1, false, false},
	} {
		if has, known := a.Has(c.ref, c.attribute); has != c.has || known != c.known {
			t.Errorf("%v, %s: %v, %v", c.ref, a.Names[c.attribute], has, known)
		}
	}
	_, err = ReadAttributes("none.txt")
	wantError(t, err, "none.txt: no such list")
}

func TestParseAttributesErrors(t *testing.T) {
	const head = "#\tperson\timagenum\tMale\n"
	for text, want := range map[string]string{
		"":                              "a.txt: no line with the names of attributes; LFW's lfw_attributes.txt has",
		"# a comment\n":                 "a.txt: no line with the names",
		"#\tperson\timagenum\n":         "a.txt: no line with the names",
		"#\tperson\timagenum\tMale\t\n": `a.txt:1: attribute 2 is called ""`,
		"#\tperson\timagenum\tA\tB\tA":  `a.txt:1: attribute 3 is called "A"`,
		"Ann\t1\t0.5\n" + head:          "a.txt:1: an image before the names of attributes",
		head + "Ann\t1\n":               "a.txt:2: 2 fields separated by tabs where a person, a number and 1 scores are due",
		head + "Ann\t0\t1\n":            `a.txt:2: "0" is not the number of an image`,
		head + "../Ann\t1\t1\n":         `a.txt:2: the name "../Ann" holds a path separator`,
		head + "Ann\t1\tyes\n":          `a.txt:2: "yes" is not a score`,
		head + "Ann\t1\tNaN\n":          `a.txt:2: "NaN" is not a score`,
		head + "A\t1\t1\n\nA\t2\t1\n":   "a.txt:3: blank line",
		head + "A B\t1\t1\nA_B\t1\t2":   "a.txt:3: image A_B_0001 a second time",
	} {
		_, err := ParseAttributes(strings.NewReader(text), "a.txt")
		wantError(t, err, want)
	}
}

func FuzzParseAttributes(f *testing.F) {
	f.Add("# of LFW\n#\tperson\timagenum\tMale\tGray Hair\nAnn B\t1\t-1.5\t2e-3\n")
	f.Add("#\tperson\timagenum\t\t\nA\t1\t\t\n")
	f.Fuzz(func(t *testing.T, text string) {
		a, err := ParseAttributes(strings.NewReader(text), "fuzz")
		if err != nil {
			wantError(t, err, "fuzz")
			return
		}
		for ref, scores := range a.scores {
			if checkName(ref.Name) != nil || ref.Number < 1 || len(scores) != len(a.Names) || len(scores) == 0 {
				t.Errorf("%v: %v of %q", ref, scores, a.Names)
			}
		}
	})
}
