package sphereface_test

import (
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sphereface-go/sphereface"
)

// crops are files of so many plain crops, each of another colour.
func crops(t testing.TB, n int) []string {
	t.Helper()
	dir := t.TempDir()
	paths := make([]string, n)
	for i := range paths {
		paths[i] = save(t, filepath.Join(dir, fmt.Sprintf("%d.png", i)), plain(96, 112, color.RGBA{uint8(9 * i), uint8(255 - 5*i), uint8(i * i), 255}))
	}
	return paths
}

// Files come in their order with their own embeddings, whatever the batches.
func TestEmbedFiles(t *testing.T) {
	paths := crops(t, 35)
	paths[20] = portrait
	for _, threads := range []int{1, 4} {
		m := open(t, sphereface.Options{Threads: threads, Metadata: detecting.Metadata})
		i := 0
		for e, err := range m.EmbedFiles(t.Context(), paths, m.Alignment()) {
			if err != nil {
				t.Fatal(err)
			}
			if e.Name != paths[i] || e.Image != nil {
				t.Errorf("photo %d is %s, with an image: %v; want %s without", i, e.Name, e.Image != nil, paths[i])
			}
			want, err := m.Embed(t.Context(), read(t, paths[i]))
			if err != nil {
				t.Fatal(err)
			}
			near(t, e.Embedding, want, paths[i])
			if faces := len(e.Faces); (faces == 1) != (i == 20) {
				t.Errorf("%s: %d faces", e.Name, faces)
			}
			i++
		}
		if i != len(paths) {
			t.Errorf("%d photos, want %d", i, len(paths))
		}
	}
}

// The first file that cannot be used ends it, after those before it.
func TestEmbedFilesTellsTheFirst(t *testing.T) {
	m, paths := open(t, sphereface.Options{Threads: 4}), crops(t, 30)
	for _, i := range []int{19, 20, 22} {
		if err := os.WriteFile(paths[i], []byte("no image"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	photos := 0
	for e, err := range m.EmbedFiles(t.Context(), paths, m.Alignment()) {
		if err != nil {
			oneLine(t, err, paths[19]+": not an image")
			if e.Photo != nil {
				t.Error("a photo beside the error")
			}
			break
		}
		photos++
	}
	if photos != 19 {
		t.Errorf("%d photos before the error, want 19", photos)
	}
}

// A loop can be left, and a context that is done in its midst ends it.
func TestEmbedFilesStops(t *testing.T) {
	m, paths := open(t, sphereface.Options{}), crops(t, 60)
	for range m.EmbedFiles(t.Context(), paths, m.Alignment()) {
		break
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	photos := 0
	var last error
	for _, err := range m.EmbedFiles(ctx, paths, m.Alignment()) {
		if last = err; err == nil {
			photos++
		}
		cancel()
	}
	if !errors.Is(last, context.Canceled) || photos > 16 {
		t.Errorf("%d photos, then %v; want those of a batch, and the context's error", photos, last)
	}
}

// The time and the size that a photo may take are the model's options.
func TestEmbedFilesLimits(t *testing.T) {
	m := open(t, sphereface.Options{Limits: sphereface.Limits{Pixels: 100 * 112}})
	paths := append(crops(t, 2), portrait)
	photos, refused := 0, 0
	for _, err := range m.EmbedFiles(t.Context(), paths, m.Alignment()) {
		if err == nil {
			photos++
			continue
		}
		refused++
		oneLine(t, err, portrait+": 512×512 pixels")
	}
	if photos != 2 || refused != 1 {
		t.Errorf("%d photos and %d errors, want 2 and 1", photos, refused)
	}
}

// An image that is nil, or that panics, is the caller's to deal with, and not the end of
// the process.
func TestEmbedAllOfNoImage(t *testing.T) {
	m := open(t, sphereface.Options{})
	_, err := m.EmbedAll(t.Context(), []image.Image{nil})
	oneLine(t, err, "sphereface: image 0: an image that is nil")
	if _, err := m.Embed(t.Context(), nil); err == nil {
		t.Error("Embed: no error")
	}
	defer func() {
		if v, ok := recover().(error); !ok || !strings.Contains(v.Error(), "no pixels here") || !strings.Contains(v.Error(), "stream_test.go") {
			t.Errorf("recovered %v", v)
		}
	}()
	_, _ = m.EmbedAll(t.Context(), []image.Image{panicking{image.NewRGBA(image.Rect(0, 0, 96, 112))}})
	t.Error("no panic")
}

type panicking struct{ image.Image }

func (panicking) At(int, int) color.Color { panic("no pixels here") }
