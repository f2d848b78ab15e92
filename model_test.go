package sphereface_test

import (
	"context"
	"errors"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/sphereface-go/sphereface"
)

func TestContract(t *testing.T) {
	m := open(t, sphereface.Options{})
	threshold, ok := m.Threshold()
	if threshold != 0.3125 || !ok || m.Size() != 32 || m.Alignment() != sphereface.AlignFixed {
		t.Errorf("threshold %v, %v; %d elements; alignment %s: not what infer check says", threshold, ok, m.Size(), m.Alignment())
	}
	m = open(t, sphereface.Options{Metadata: map[string]string{"threshold": "-0.5", "mirror": "false", "alignment": "detect"}})
	threshold, ok = m.Threshold()
	if threshold != -0.5 || !ok || m.Size() != 16 || m.Alignment() != sphereface.AlignDetect {
		t.Errorf("threshold %v, %v; %d elements; alignment %s: not what Metadata says", threshold, ok, m.Size(), m.Alignment())
	}
}

// A model is the same from a file and from memory.
func TestOpenBytes(t *testing.T) {
	data, err := os.ReadFile(tiny)
	if err != nil {
		t.Fatal(err)
	}
	m, err := sphereface.OpenBytes(data, sphereface.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	img := read(t, portrait)
	a, err := m.Embed(t.Context(), img)
	if err != nil {
		t.Fatal(err)
	}
	b, err := open(t, sphereface.Options{}).Embed(t.Context(), img)
	if err != nil || !slices.Equal(a, b) {
		t.Errorf("other embeddings: %v", err)
	}
	for _, c := range []struct {
		data []byte
		want string
	}{
		{nil, "the model is empty"},
		{data[:len(data)/2], "sphereface: the model: onnx: the file is truncated"},
		{[]byte("this is text"), "sphereface: the model: onnx: this is no ONNX model"},
	} {
		m, err := sphereface.OpenBytes(c.data, sphereface.Options{})
		oneLine(t, err, c.want)
		if m != nil {
			t.Error("a model beside the error")
		}
	}
}

func TestOpenErrors(t *testing.T) {
	for _, c := range []struct {
		name string
		o    sphereface.Options
		want string
	}{
		{"threads", sphereface.Options{Threads: -1}, "sphereface: -1 threads"},
		{"many threads", sphereface.Options{Threads: math.MaxInt}, "threads: give 0 for all cores, or up to 1024"},
		{"a key misspelt", sphereface.Options{Metadata: map[string]string{"treshold": "0.9"}}, tiny + `: Options.Metadata: there is no key "treshold": one of contract, `},
		{"limits", sphereface.Options{Limits: sphereface.Limits{Pixels: -1}}, "sphereface: limits of 0 bytes, -1 pixels"},
		{"threshold", sphereface.Options{Metadata: map[string]string{"threshold": "2"}}, tiny + `: onnx: metadata: threshold is "2", want a cosine`},
		{"alignment", sphereface.Options{Metadata: map[string]string{"alignment": "mystery"}}, tiny + `: face: alignment "mystery" is not known`},
		{"size of a crop", sphereface.Options{Metadata: map[string]string{"crop_width": "112"}}, tiny + ": the model wants crops of 112 rows and 112 columns"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := sphereface.Open(tiny, c.o)
			oneLine(t, err, c.want)
		})
	}
	_, err := sphereface.Open(filepath.Join(t.TempDir(), "none.onnx"), sphereface.Options{})
	oneLine(t, err, "none.onnx: no such file")
}

// After Close all that computes says so, and closing again is harmless.
func TestClose(t *testing.T) {
	m, err := sphereface.Open(tiny, detecting)
	if err != nil {
		t.Fatal(err)
	}
	img := read(t, portrait)
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := m.Embed(t.Context(), img); !errors.Is(err, sphereface.ErrClosed) {
		t.Errorf("Embed: %v", err)
	}
	if _, err := m.Compare(t.Context(), img, img); !errors.Is(err, sphereface.ErrClosed) {
		t.Errorf("Compare: %v", err)
	}
	refused := 0
	for _, err := range m.EmbedFiles(t.Context(), []string{portrait}, sphereface.AlignFixed) {
		refused++
		if !errors.Is(err, sphereface.ErrClosed) {
			t.Errorf("EmbedFiles: %v", err)
		}
	}
	if refused != 1 {
		t.Errorf("EmbedFiles gives %d errors, want one", refused)
	}
	if err := m.Close(); err != nil {
		t.Errorf("again: %v", err)
	}
}

// A model that is closed while others use it gives each of them either what it gives
// alone or ErrClosed.
func TestConcurrentUseAndClose(t *testing.T) {
	m, err := sphereface.Open(tiny, sphereface.Options{Threads: 1})
	if err != nil {
		t.Fatal(err)
	}
	img := read(t, portrait)
	want, err := m.Embed(t.Context(), img)
	if err != nil {
		t.Fatal(err)
	}
	var running sync.WaitGroup
	begun := make(chan struct{}, 4)
	for range 4 {
		running.Go(func() {
			for n := 0; ; n++ {
				got, err := m.Embed(context.Background(), img)
				if n == 0 {
					begun <- struct{}{}
				}
				if errors.Is(err, sphereface.ErrClosed) {
					return
				}
				if err != nil || !slices.Equal(got, want) {
					t.Errorf("another embedding, error %v", err)
					return
				}
			}
		})
	}
	for range 4 {
		<-begun
	}
	if err := m.Close(); err != nil {
		t.Error(err)
	}
	running.Wait()
}

func oneLine(t testing.TB, err error, want string) {
	t.Helper()
	if err == nil || !strings.Contains(err.Error(), want) || strings.ContainsAny(err.Error(), "\n\r") {
		t.Errorf("error %v, want one line with %q", err, want)
	}
}
