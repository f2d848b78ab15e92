package main

import (
	"bytes"
	"encoding/binary"
	"encoding/csv"
	"encoding/json"
	"image/color"
	"io"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/sphereface-go/sphereface/internal/ort/orttest"
)

// tree is a folder with three photos, one of them deeper, and a file to pass over.
func tree(t testing.TB) (dir string, paths []string) {
	t.Helper()
	dir = t.TempDir()
	paths = []string{
		plain(t, filepath.Join(dir, "a.png"), red, 96, 112),
		plain(t, filepath.Join(dir, "b", "deeper.png"), yellow, 250, 250),
		plain(t, filepath.Join(dir, "c.png"), cyan, 96, 112),
	}
	if err := os.WriteFile(filepath.Join(dir, "notes.txt"), []byte("notes"), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir, paths
}

// want is what the colour model gives for a tree, one view: ±127.5/128, exactly, as
// sums of it over a crop need fewer bits than float32 has.
var want = [][]float32{{c, -c, -c}, {c, c, -c}, {-c, c, c}}

const c = 127.5 / 128

func TestEmbedJSONLines(t *testing.T) {
	dir, paths := tree(t)
	extra := plain(t, "extra.png", white, 96, 112)
	code, stdout, stderr := infer(t, "embed", "--mirror=false", "--model", colours(t), extra, dir)
	if code != 0 || stderr != "" {
		t.Fatalf("exit code %d, %s", code, stderr)
	}
	lines := strings.Split(strings.TrimSuffix(stdout, "\n"), "\n")
	if len(lines) != 4 {
		t.Fatalf("%d lines, want 4:\n%s", len(lines), stdout)
	}
	for i, path := range append([]string{extra}, paths...) {
		var row struct {
			Path      string
			Embedding []float32
		}
		if err := json.Unmarshal([]byte(lines[i]), &row); err != nil {
			t.Fatal(err)
		}
		if row.Path != path {
			t.Errorf("line %d is of %s, want %s", i, row.Path, path)
		}
		if i > 0 {
			equal(t, row.Embedding, want[i-1])
		}
	}
}

func TestEmbedCSV(t *testing.T) {
	dir, paths := tree(t)
	_, stdout, _ := infer(t, "embed", "--mirror=false", "--format", "csv", "--model", colours(t), dir)
	records, err := csv.NewReader(strings.NewReader(stdout)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(records[0], " "); got != "path e0 e1 e2" {
		t.Errorf("header %q", got)
	}
	for i, record := range records[1:] {
		if record[0] != paths[i] {
			t.Errorf("row %d is of %s, want %s", i, record[0], paths[i])
		}
		var row []float32
		for _, field := range record[1:] {
			v, err := strconv.ParseFloat(field, 32)
			if err != nil {
				t.Fatal(err)
			}
			row = append(row, float32(v))
		}
		equal(t, row, want[i])
	}
}

// The array's bytes, by numpy.lib.format: magic, version 1.0, the header's length,
// a header that ends with a line break at a multiple of 64, then the rows.
func TestEmbedNPY(t *testing.T) {
	dir, _ := tree(t)
	out := filepath.Join(t.TempDir(), "features.npy")
	code, stdout, stderr := infer(t, "embed", "--mirror=false", "--format", "npy", "--out", out, "--model", colours(t), dir)
	if code != 0 || stdout != "" {
		t.Fatalf("exit code %d, %s%s", code, stdout, stderr)
	}
	data, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	header, ok := strings.CutPrefix(string(data[:128]), "\x93NUMPY\x01\x00\x76\x00")
	if want := "{'descr': '<f4', 'fortran_order': False, 'shape': (3, 3), }"; !ok || strings.TrimRight(header, " \n") != want || header[117] != '\n' {
		t.Errorf("header %q, want %q", data[:128], want)
	}
	rows := make([]float32, 9)
	if err := binary.Read(bytes.NewReader(data[128:]), binary.LittleEndian, rows); err != nil || len(data) != 128+4*9 {
		t.Fatalf("%d bytes, %v", len(data), err)
	}
	for i := range want {
		equal(t, rows[3*i:3*i+3], want[i])
	}
}

func equal(t testing.TB, got, want []float32) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%d values, want %d", len(got), len(want))
		return
	}
	for i := range got {
		if math.Abs(float64(got[i]-want[i])) > 1e-6 {
			t.Errorf("got %v, want %v", got, want)
			return
		}
	}
}

// More photos than are computed at once keep their order.
func TestEmbedManyBatches(t *testing.T) {
	dir := t.TempDir()
	for i := range 2*batch + 3 {
		plain(t, filepath.Join(dir, strconv.Itoa(100+i)+".png"), map[bool]color.Color{true: red, false: cyan}[i%3 == 0], 96, 112)
	}
	_, stdout, _ := infer(t, "embed", "--mirror=false", "--model", colours(t), dir)
	lines := strings.Split(strings.TrimSuffix(stdout, "\n"), "\n")
	if len(lines) != 2*batch+3 {
		t.Fatalf("%d lines, want %d", len(lines), 2*batch+3)
	}
	for i, line := range lines {
		var row struct {
			Path      string
			Embedding []float32
		}
		if err := json.Unmarshal([]byte(line), &row); err != nil {
			t.Fatal(err)
		}
		if (row.Embedding[0] > 0) != (i%3 == 0) || filepath.Base(row.Path) != strconv.Itoa(100+i)+".png" {
			t.Errorf("line %d: %s", i, line)
		}
	}
}

func TestEmbedErrors(t *testing.T) {
	dir, _ := tree(t)
	model := colours(t)
	empty := t.TempDir()
	trouble(t, "embed takes images or folders, got none", "embed", "--model", model)
	trouble(t, "none: no such file or folder", "embed", "--model", model, filepath.Join(dir, "none"))
	trouble(t, empty+": no image in this folder; name one that holds ", "embed", "--model", model, dir, empty)
	trouble(t, "name the file with --out", "embed", "--model", model, "--format", "npy", dir)
	trouble(t, "--format xml: one of jsonl, csv, npy", "embed", "--model", model, "--format", "xml", dir)
	trouble(t, "write "+empty+": is a directory; name a file in it", "embed", "--model", model, "--out", empty, dir)
	own := plain(t, filepath.Join(t.TempDir(), "own.png"), red, 96, 112)
	trouble(t, "--out "+own+": would replace "+own+", which is read", "embed", "--model", model, "--out", own, own)
	trouble(t, "--out "+model+": would replace "+model+", which is read", "embed", "--model", model, "--out", model, own)
	trouble(t, "no such file or directory; make the folder first\n", "embed", "--model", model, "--out", filepath.Join(empty, "none", "x.csv"), dir)
}

// A folder may be a link, with or without a separator after it; its photos are
// named as the user names the folder.
func TestEmbedLinkedFolder(t *testing.T) {
	dir, paths := tree(t)
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(dir, link); err != nil {
		t.Skipf("no symbolic links here: %v", err)
	}
	for _, argument := range []string{link, link + string(filepath.Separator)} {
		found, err := findImages([]string{argument})
		if err != nil {
			t.Fatal(err)
		}
		var want []string
		for _, p := range paths {
			want = append(want, link+strings.TrimPrefix(p, dir))
		}
		if !slices.Equal(found, want) {
			t.Errorf("in %s: %q, want %q", argument, found, want)
		}
	}
}

// Of several photos that cannot be read the first is told, whichever is found out
// about first, and those after it are not begun.
func TestEmbedTellsTheFirst(t *testing.T) {
	dir := t.TempDir()
	for i := range batch {
		if err := os.WriteFile(filepath.Join(dir, strconv.Itoa(100+i)+".png"), []byte("no image"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	model := colours(t)
	for range 5 {
		trouble(t, "100.png: not an image", "embed", "--threads", "4", "--model", model, dir)
	}
}

// On standard output, what was complete before a photo that fails is given out, as
// the help says.
func TestEmbedRowsBeforeTrouble(t *testing.T) {
	dir := t.TempDir()
	for i := range batch {
		plain(t, filepath.Join(dir, "a"+strconv.Itoa(100+i)+".png"), red, 96, 112)
	}
	if err := os.WriteFile(filepath.Join(dir, "b.png"), []byte("no image"), 0o600); err != nil {
		t.Fatal(err)
	}
	code, stdout, stderr := infer(t, "embed", "--model", colours(t), dir)
	if code != exitTrouble || strings.Count(stdout, "\n") != batch || !strings.Contains(stderr, "b.png: not an image") {
		t.Errorf("exit code %d, %d lines, %q; want %d lines before the trouble", code, strings.Count(stdout, "\n"), stderr, batch)
	}
}

// A photo that cannot be read leaves an older output as it was, and nothing beside it.
func TestEmbedLeavesTheOldFile(t *testing.T) {
	dir, _ := tree(t)
	for i := range batch { // the bad one comes after a whole batch is written
		plain(t, filepath.Join(dir, "f"+strconv.Itoa(i)+".png"), red, 96, 112)
	}
	if err := os.WriteFile(filepath.Join(dir, "z.png"), []byte("no image"), 0o600); err != nil {
		t.Fatal(err)
	}
	out := write(t, "features.csv", []byte("old"))
	trouble(t, "z.png: not an image", "embed", "--model", colours(t), "--format", "csv", "--out", out, dir)
	if data, err := os.ReadFile(out); err != nil || string(data) != "old" {
		t.Errorf("the old file holds %q, %v", data, err)
	}
	if entries, err := os.ReadDir(filepath.Dir(out)); err != nil || len(entries) != 1 {
		t.Errorf("beside the old file: %v, %v", entries, err)
	}
	// Once all are readable it is replaced.
	if err := os.Remove(filepath.Join(dir, "z.png")); err != nil {
		t.Fatal(err)
	}
	if code, _, stderr := infer(t, "embed", "--model", colours(t), "--format", "csv", "--out", out, dir); code != 0 {
		t.Fatal(stderr)
	}
	if data, err := os.ReadFile(out); err != nil || strings.Count(string(data), "\n") != 1+3+batch {
		t.Errorf("the new file holds %q, %v", data, err)
	}
}

// What cannot be written is named once.
func TestFullDisk(t *testing.T) {
	dir, paths := tree(t)
	model := colours(t)
	for _, args := range [][]string{
		{"verify", "--ort-library", orttest.Library(t), "--model", model, paths[0], paths[0]},
		{"embed", "--ort-library", orttest.Library(t), "--model", model, dir},
		{"eval", "--ort-library", orttest.Library(t), "--model", model, "--images", people(t), "--pairs", write(t, "pairs.txt", []byte(pairs))},
		{"check", write(t, "m.onnx", sphereface4(t))},
		{"--version"},
		{"--help"},
	} {
		var errs strings.Builder
		code := exitCode(run(t.Context(), args, fullDisk{}, io.Discard), &errs)
		if code != exitTrouble || errs.String() != "infer: write standard output: no space left on device; free some space or write elsewhere\n" {
			t.Errorf("%s to a full disk: exit code %d, %q", args[0], code, errs.String())
		}
	}
	if runtime.GOOS != "linux" {
		return // no /dev/full elsewhere
	}
	for _, format := range formatNames() {
		trouble(t, "infer: write /dev/full: no space left on device; free some space or write elsewhere\n", "embed", "--model", model, "--format", format, "--out", "/dev/full", dir)
	}
}

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, syscall.ENOSPC }
