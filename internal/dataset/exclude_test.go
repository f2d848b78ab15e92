package dataset

import (
	"bytes"
	"reflect"
	"strings"
	"testing"
)

func TestParseNames(t *testing.T) {
	got, err := ParseNames(strings.NewReader("\ufeffBob\n# who is in the pairs\n\nAnn A\r\n  0000045 \nÉmile_Zola"), "names.txt")
	if want := []string{"Bob", "Ann A", "0000045", "Émile_Zola"}; err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%q, %v; want %q", got, err, want)
	}
	for text, want := range map[string]string{
		"Ann\nfolder/Bob\n":                  "names.txt:2: the name \"folder/Bob\" holds a path separator",
		"..":                                 "names.txt:1: \"..\" is not a person's name",
		"Ann\n" + strings.Repeat("x", 1<<17): "names.txt:2: a line too long for a name",
	} {
		_, err := ParseNames(strings.NewReader(text), "names.txt")
		wantError(t, err, want)
	}
	_, err = ReadNames("none.txt")
	wantError(t, err, "none.txt: no such list")
}

func TestWithout(t *testing.T) {
	s := testSet(t, 1, 3, 2) // PAa, PAb, PAc
	kept, n, err := s.Without([]string{"PAb", "Nobody"})
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(kept.People, []string{"PAa", "PAc"}) || n != 1 || kept.Len() != 3 || kept.LeftOut != s.LeftOut {
		t.Errorf("%v with %d images, %d left out", kept.People, kept.Len(), n)
	}
	if !bytes.Equal(mustCrop(t, kept, 1).Pix, mustCrop(t, s, 4).Pix) {
		t.Error("the crops are those of other images")
	}
}

func FuzzParseNames(f *testing.F) {
	f.Add("Ann\n# none\nBob")
	f.Add("\x00\n../x")
	f.Fuzz(func(t *testing.T, text string) {
		names, err := ParseNames(strings.NewReader(text), "fuzz")
		if err != nil {
			wantError(t, err, "fuzz:")
			return
		}
		for _, name := range names {
			if checkName(name) != nil || strings.HasPrefix(name, "#") {
				t.Errorf("name %q", name)
			}
		}
	})
}
