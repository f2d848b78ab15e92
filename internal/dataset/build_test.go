package dataset

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/sphereface-go/sphereface/internal/face"
)

// Only what has to be is made again.
func TestCacheIsRebuilt(t *testing.T) {
	for name, tt := range map[string]struct {
		spoil func(t *testing.T, s *Set, file string)
		again int // images that are aligned once more, of 7
	}{
		"image changed": {func(t *testing.T, s *Set, _ string) {
			writeTo(t, s.Images[2].Path, photo(t, 80, 64, 99))
		}, 1},
		"image changed, of the same size and time": {func(t *testing.T, s *Set, _ string) {
			before, err := os.Stat(s.Images[2].Path)
			if err != nil {
				t.Fatal(err)
			}
			flip(t, s.Images[2].Path, -20)
			if err := os.Chtimes(s.Images[2].Path, time.Time{}, before.ModTime()); err != nil {
				t.Fatal(err)
			}
		}, 1},
		"images swapped": {func(t *testing.T, s *Set, _ string) {
			for _, names := range [][2]int{{2, 7}, {3, 2}, {7, 3}} {
				images := append(s.Images[:7:7], Image{Path: s.Images[0].Path + ".tmp"})
				if err := os.Rename(images[names[0]].Path, images[names[1]].Path); err != nil {
					t.Fatal(err)
				}
			}
		}, 0},
		"image touched": {func(t *testing.T, s *Set, _ string) {
			if err := os.Chtimes(s.Images[2].Path, time.Time{}, time.Unix(1, 0)); err != nil {
				t.Fatal(err)
			}
		}, 0},
		"crop damaged":   {func(t *testing.T, s *Set, file string) { flip(t, file, -5) }, 1},
		"table damaged":  {func(t *testing.T, s *Set, file string) { flip(t, file, int64(cropHeader)+1) }, 1},
		"state damaged":  {func(t *testing.T, s *Set, file string) { flip(t, file, int64(cropHeader)+32) }, 1},
		"header damaged": {func(t *testing.T, s *Set, file string) { flip(t, file, 42) }, 7},
		"cut short in the table": {func(t *testing.T, s *Set, file string) {
			if err := os.Truncate(file, 200); err != nil {
				t.Fatal(err)
			}
		}, 7},
		"cut short in a crop": {func(t *testing.T, s *Set, file string) {
			if err := os.Truncate(file, cropOffset(7, 4)-1); err != nil {
				t.Fatal(err)
			}
		}, 4},
		"too long": {func(t *testing.T, s *Set, file string) {
			if err := os.Truncate(file, cropOffset(7, 7)+1); err != nil {
				t.Fatal(err)
			}
		}, 0},
		"empty": {func(t *testing.T, s *Set, file string) { writeTo(t, file, nil) }, 7},
	} {
		t.Run(name, func(t *testing.T) {
			s, dir, open := cacheFixture(t)
			open()
			tt.spoil(t, s, cacheFile(t, dir))
			cached, aligned := open()
			if aligned != tt.again {
				t.Errorf("%d images aligned again, want %d", aligned, tt.again)
			}
			sameCrops(t, cached, s)
			cacheFile(t, dir)
			if _, aligned := open(); aligned != 0 {
				t.Errorf("%d images aligned a third time", aligned)
			}
		})
	}
}

// Copies of photos, and sets that have photos in common, share the work.
func TestCacheOfCopies(t *testing.T) {
	s, dir, open := cacheFixture(t)
	open()
	root := t.TempDir()
	for i, img := range s.Images {
		data, err := os.ReadFile(img.Path)
		if err != nil {
			t.Fatal(err)
		}
		writeTo(t, filepath.Join(root, "All", strconv.Itoa(9-i)+".jpg"), data)
	}
	writeTo(t, filepath.Join(root, "New", "1.jpg"), photo(t, 80, 64, 50))
	copies, err := Folder(root, 1, face.AlignFixed)
	if err != nil {
		t.Fatal(err)
	}
	aligned := 0
	cached, err := copies.Cached(t.Context(), CacheOptions{Dir: dir, Progress: func(stage string, done, total int64) {
		if stage == "preparing faces" {
			aligned = int(done)
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	defer cached.Close()
	if aligned != 1 {
		t.Errorf("%d images aligned, want the new one", aligned)
	}
	sameCrops(t, cached, copies)
}

// flip changes a byte of the file, counted from the end if at is negative.
func flip(t *testing.T, path string, at int64) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if at < 0 {
		at += int64(len(data))
	}
	data[at] ^= 0x10
	writeTo(t, path, data)
}

// What was made before the stop is kept.
func TestCacheIsStopped(t *testing.T) {
	s, dir, open := cacheFixture(t)
	for _, stage := range []string{"checking photos", "preparing faces"} {
		ctx, cancel := context.WithCancel(t.Context())
		_, err := s.Cached(ctx, CacheOptions{Dir: dir, Workers: 1, Progress: func(at string, done, total int64) {
			if at == stage && done == 3 {
				cancel()
			}
		}})
		wantError(t, err, "stopped after 3 of 7 images")
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%v does not wrap context.Canceled", err)
		}
		files, _ := os.ReadDir(dir)
		if want := map[string]int{"checking photos": 0, "preparing faces": 1}[stage]; len(files) != want {
			t.Errorf("%s: left behind: %v, want %d files", stage, files, want)
		}
	}
	cached, aligned := open()
	if aligned != 4 {
		t.Errorf("%d images aligned after the stop, want 4", aligned)
	}
	sameCrops(t, cached, s)

	// A stop that comes before anything is made leaves a good file alone.
	writeTo(t, s.Images[1].Path, photo(t, 80, 64, 60))
	ctx, cancel := context.WithCancel(t.Context())
	_, err := s.Cached(ctx, CacheOptions{Dir: dir, Progress: func(string, int64, int64) { cancel() }})
	wantError(t, err, "stopped after 0 of 7 images")
	ctx, cancel = context.WithCancel(t.Context())
	_, err = s.Cached(ctx, CacheOptions{Dir: dir, Progress: func(stage string, done, _ int64) {
		if stage == "taking over crops" && done == 4 {
			cancel()
		}
	}})
	wantError(t, err, "stopped after taking over 4 of 7 crops")
	if _, aligned := open(); aligned != 1 {
		t.Errorf("%d images aligned, want the changed one", aligned)
	}
}

// A stop does not put a part in the place of the whole that another process has
// finished meanwhile.
func TestCacheOfAnotherProcess(t *testing.T) {
	s, dir, open := cacheFixture(t)
	ctx, cancel := context.WithCancel(t.Context())
	_, err := s.Cached(ctx, CacheOptions{Dir: dir, Workers: 1, Progress: func(stage string, done, _ int64) {
		if stage == "preparing faces" && done == 2 {
			open()
			cancel()
		}
	}})
	wantError(t, err, "stopped after 2 of 7 images")
	if _, aligned := open(); aligned != 0 {
		t.Errorf("%d images aligned again", aligned)
	}
}

// What a killed process has left of a cache goes when the cache is made again,
// unless it may be another process's that is at work.
func TestCacheRemovesLeftovers(t *testing.T) {
	s, dir, open := cacheFixture(t)
	open()
	file := cacheFile(t, dir)
	whole, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	left := func(name string, age time.Duration) string {
		path := filepath.Join(dir, name)
		writeTo(t, path, whole[:cropOffset(s.Len(), 3)+100])
		at := time.Now().Add(-age)
		if err := os.Chtimes(path, at, at); err != nil {
			t.Fatal(err)
		}
		return path
	}
	dead := left("."+filepath.Base(file)+".tmp-0123456789abcdef", 2*staleAfter)
	alive := left("."+filepath.Base(file)+".tmp-0123456789abcde0", 0)
	other := left(".other.tmp-0123456789abcdef", 2*staleAfter)
	flip(t, file, 42)
	cached, aligned := open()
	if aligned != s.Len()-3 {
		t.Errorf("%d images aligned, want those that the killed process had not made", aligned)
	}
	sameCrops(t, cached, s)
	for path, want := range map[string]bool{dead: false, alive: true, other: true} {
		if _, err := os.Stat(path); (err == nil) != want {
			t.Errorf("%s is there: %v, want %v", filepath.Base(path), err == nil, want)
		}
	}
}
