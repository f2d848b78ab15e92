package dataset

import (
	"bytes"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

func TestParsePairs(t *testing.T) {
	want := PairList{2, []Pair{
		{Ref{"Ann", 1}, Ref{"Ann", 4}, true, 0},
		{Ref{"Ann", 2}, Ref{"Bob B", 1}, false, 0},
		{Ref{"Bob B", 1}, Ref{"Bob B", 2}, true, 1},
		{Ref{"Ünal_Ş", 10}, Ref{"Ann", 12345}, false, 1},
	}}
	text := "2\t1\nAnn\t1\t4\nAnn\t2\tBob B\t1\nBob B\t1\t2\nÜnal_Ş\t10\tAnn\t12345"
	for name, text := range map[string]string{
		"plain": text, "newline": text + "\n", "blank lines": text + "\n\n \n",
		"windows": strings.ReplaceAll(text, "\n", "\r\n") + "\r\n", "byte order mark": "\ufeff" + text,
	} {
		got, err := ParsePairs(strings.NewReader(text), "pairs.txt")
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %v, want %v", name, got, want)
		}
	}
	one, err := ParsePairs(strings.NewReader("2\nA\t1\t2\nA\t2\t3\nA\t1\tB\t1\nA\t1\tB\t2\n"), "pairsDevTest.txt")
	if err != nil || one.Folds != 1 || len(one.Pairs) != 4 || one.Pairs[3].Fold != 0 {
		t.Errorf("one fold: %v, %v", one, err)
	}
}

func TestParsePairsErrors(t *testing.T) {
	for _, tt := range []struct{ name, text, want string }{
		{"empty", "", "pairs.txt: the list is empty; LFW's format has a header"},
		{"blank", "\n\n", "pairs.txt: the list is empty"},
		{"csv", "a.jpg,b.jpg,1\n", "pairs.txt:1: not the header of a pair list; LFW's format has"},
		{"no header", "Ann\t1\t2\n", "pairs.txt:1: not the header"},
		{"zero", "0\n", "pairs.txt:1: not the header"},
		{"zero folds", "0\t3\n", "pairs.txt:1: not the header"},
		{"overflow", "99999999\t99999999\n", "pairs.txt:1: not the header"},
		{"people list", "1\nAnn\t3\n", "pairs.txt:2: 2 fields separated by tabs where name<TAB>n1<TAB>n2 (the same person) is due"},
		{"spaces", "1\nAnn 1 2\n", "pairs.txt:2: 1 fields separated by tabs"},
		{"different too early", "2\nAnn\t1\t2\nAnn\t1\tBob\t1\n", "pairs.txt:3: 4 fields separated by tabs where name<TAB>n1<TAB>n2 (the same person)"},
		{"same too late", "1\nAnn\t1\t2\nAnn\t1\t2\n", "pairs.txt:3: 3 fields separated by tabs where name1"},
		{"number", "1\nAnn\t1\tx\n", `pairs.txt:2: "x" is not the number of an image`},
		{"number 0", "1\nAnn\t0\t1\n", `pairs.txt:2: "0" is not the number`},
		{"sign", "1\nAnn\t+1\t2\n", `pairs.txt:2: "+1" is not the number`},
		{"itself", "1\nAnn\t2\t2\n", "pairs.txt:2: image Ann_0002 is paired with itself"},
		{"same name", "1\nAnn\t1\t2\nAnn\t1\tAnn\t2\n", "pairs.txt:3: Ann is on both sides"},
		{"way out", "1\n../../etc\t1\t2\n", "pairs.txt:2: the name \"../../etc\" holds a path separator"},
		{"dots", "1\n..\t1\t2\n", `pairs.txt:2: ".." is not a person's name`},
		{"no name", "1\n\t1\t2\n", `pairs.txt:2: "" is not a person's name`},
		{"control", "1\nA\x00b\t1\t2\n", "holds a control character"},
		{"spaced", "1\n Ann\t1\t2\n", "starts or ends with a space"},
		{"short", "2\t1\nAnn\t1\t2\n", "pairs.txt: has 1 pairs of the 4 that its header announces (2 folds of 1 + 1)"},
		{"long", "1\nAnn\t1\t2\nAnn\t1\tBob\t1\nAnn\t1\tBob\t2\n", "pairs.txt:4: more pairs than the 2"},
		{"hole", "1\nAnn\t1\t2\n\nAnn\t1\tBob\t1\n", "pairs.txt:3: blank line"},
		{"long line", "1\n" + strings.Repeat("x", 70000), "pairs.txt:2: line longer than"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			_, err := ParsePairs(strings.NewReader(tt.text), "pairs.txt")
			wantError(t, err, tt.want)
		})
	}
}

func TestReadPairsErrors(t *testing.T) {
	dir := t.TempDir()
	_, err := ReadPairs(filepath.Join(dir, "pairs.txt"))
	wantError(t, err, "pairs.txt: no such list")
	if !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%v does not wrap fs.ErrNotExist", err)
	}
	_, err = ReadPairs(dir)
	wantError(t, err, dir, "is a directory")
}

// Errors of files that are missing say so once, and end with what to do.
func TestMissingIsSaidOnce(t *testing.T) {
	none := filepath.Join(t.TempDir(), "none")
	_, list := ReadPairs(none)
	_, root := NewLookup(none)
	for _, c := range []struct {
		err  error
		want string
	}{
		{list, "no such list; check the path, or get LFW's lists"},
		{root, "no such folder; check the path"},
	} {
		if got, want := c.err.Error(), "dataset: "+none+": "+c.want; got != want || !errors.Is(c.err, fs.ErrNotExist) {
			t.Errorf("error %q, want %q", got, want)
		}
	}
}

func TestWritePairs(t *testing.T) {
	s := testSet(t, 3, 2, 4, 5, 2, 3, 2, 2)
	list, err := DrawPairs(s, 12, 3, 1)
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "sub", "pairs.txt")
	if err := list.WriteFile(path); err != nil {
		t.Fatal(err)
	}
	got, err := ReadPairs(path)
	if err != nil || !reflect.DeepEqual(got, list) {
		t.Errorf("read back %v (%v), want %v", got, err, list)
	}

	list.Pairs[0], list.Pairs[11] = list.Pairs[11], list.Pairs[0]
	wantError(t, list.WriteFile(path), "is out of its place")
	list.Pairs = list.Pairs[:11]
	wantError(t, list.WriteFile(path), "11 pairs cannot be written as 3 equal folds")
	if again, err := ReadPairs(path); err != nil || !reflect.DeepEqual(again, got) {
		t.Errorf("a failed write changed the file (%v)", err)
	}
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(entries) != 1 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
}

func FuzzParsePairs(f *testing.F) {
	f.Add("2\t1\nAnn\t1\t4\nAnn\t2\tBob\t1\nBob\t1\t2\nCid\t10\tAnn\t2\n")
	f.Add("1\nA\t1\t2\nA\t1\tB\t1")
	f.Add("\ufeff1\r\nA\t1\t2\r\nA\t1\tB\t1\r\n")
	f.Add("99999999\t99999999\n")
	f.Fuzz(func(t *testing.T, text string) {
		list, err := ParsePairs(strings.NewReader(text), "list")
		if err != nil {
			if !strings.HasPrefix(err.Error(), "dataset: list:") || strings.Contains(err.Error(), "\n") {
				t.Errorf("error %q is not one line that names the list", err)
			}
			return
		}
		var buf bytes.Buffer
		if err := list.write(&buf); err != nil {
			t.Fatal(err)
		}
		again, err := ParsePairs(&buf, "again")
		if err != nil || !reflect.DeepEqual(again, list) {
			t.Fatalf("read back %v (%v), want %v", again, err, list)
		}
	})
}
