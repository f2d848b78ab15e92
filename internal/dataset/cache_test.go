package dataset

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/sphereface-go/sphereface/internal/face"
)

// cacheFixture is a set of seven photos, and a function that opens its cache and
// tells how many images were aligned for it.
func cacheFixture(t *testing.T) (s *Set, dir string, open func() (*Set, int)) {
	t.Helper()
	root, dir := t.TempDir(), filepath.Join(t.TempDir(), "cache")
	for i, name := range []string{"Ann/1", "Ann/2", "Ann/3", "Bob/1", "Bob/2", "Cid/1", "Dan/1"} {
		writeTo(t, filepath.Join(root, name+".jpg"), photo(t, 80, 64, uint64(i)))
	}
	s, err := Folder(root, 1, face.AlignFixed)
	if err != nil {
		t.Fatal(err)
	}
	return s, dir, func() (*Set, int) {
		t.Helper()
		aligned := 0
		cached, err := s.Cached(t.Context(), CacheOptions{Dir: dir, Progress: func(done, total int) {
			if aligned++; done != aligned || total != s.Len() {
				t.Errorf("progress %d of %d at call %d", done, total, aligned)
			}
		}})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { cached.Close() })
		return cached, aligned
	}
}

func sameCrops(t *testing.T, got, want *Set) {
	t.Helper()
	for i := range want.Len() {
		if string(mustCrop(t, got, i).Pix) != string(mustCrop(t, want, i).Pix) {
			t.Fatalf("the crop of %s differs", want.Ref(i))
		}
	}
}

func cacheFile(t *testing.T, dir string) string {
	t.Helper()
	files, err := os.ReadDir(dir)
	if err != nil || len(files) != 1 {
		t.Fatalf("cache folder holds %v (%v), want one file", files, err)
	}
	return filepath.Join(dir, files[0].Name())
}

func TestCached(t *testing.T) {
	s, dir, open := cacheFixture(t)
	cached, aligned := open()
	if aligned != s.Len() {
		t.Errorf("%d images aligned, want %d", aligned, s.Len())
	}
	sameCrops(t, cached, s)
	again, aligned := open()
	if aligned != 0 {
		t.Errorf("%d images aligned again", aligned)
	}
	sameCrops(t, again, s)
	train, held, err := again.Split(0.5, 1)
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []*Set{train, held} {
		for i := range part.Len() {
			source, _ := s.Index(part.Ref(i))
			if string(mustCrop(t, part, i).Pix) != string(mustCrop(t, s, source).Pix) {
				t.Errorf("%s has the crop of another image", part.Ref(i))
			}
		}
	}
	cacheFile(t, dir)

	memory, err := s.InMemory(t.Context(), CacheOptions{})
	if err != nil {
		t.Fatal(err)
	}
	sameCrops(t, memory, s)
}

func TestCacheIsRebuilt(t *testing.T) {
	for name, spoil := range map[string]func(t *testing.T, s *Set, file string){
		"image changed": func(t *testing.T, s *Set, _ string) {
			writeTo(t, s.Images[2].Path, photo(t, 80, 64, 99))
		},
		"image touched": func(t *testing.T, s *Set, _ string) {
			if err := os.Chtimes(s.Images[2].Path, time.Time{}, time.Unix(1, 0)); err != nil {
				t.Fatal(err)
			}
		},
		"crop damaged":   func(t *testing.T, s *Set, file string) { flip(t, file, -5) },
		"table damaged":  func(t *testing.T, s *Set, file string) { flip(t, file, int64(cropHeader)+1) },
		"header damaged": func(t *testing.T, s *Set, file string) { flip(t, file, 42) },
		"cut short": func(t *testing.T, s *Set, file string) {
			if err := os.Truncate(file, 1000); err != nil {
				t.Fatal(err)
			}
		},
		"empty": func(t *testing.T, s *Set, file string) { writeTo(t, file, nil) },
	} {
		t.Run(name, func(t *testing.T) {
			s, dir, open := cacheFixture(t)
			open()
			spoil(t, s, cacheFile(t, dir))
			cached, aligned := open()
			if aligned != s.Len() {
				t.Errorf("%d images aligned again, want %d", aligned, s.Len())
			}
			sameCrops(t, cached, s)
			cacheFile(t, dir)
		})
	}
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

func TestCropDamagedWhileInUse(t *testing.T) {
	_, dir, open := cacheFixture(t)
	cached, _ := open()
	file := cacheFile(t, dir)
	f, err := os.OpenFile(file, os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteAt([]byte{1, 2, 3}, cropOffset(7, 4)+100); err != nil {
		t.Fatal(err)
	}
	f.Close()
	_, err = cached.Crop(4)
	wantError(t, err, filepath.Join("Bob", "2.jpg"), file, "damaged; start again to have it rebuilt")
}

func TestCacheListsBadImages(t *testing.T) {
	s, dir, _ := cacheFixture(t)
	writeTo(t, s.Images[4].Path, []byte("no image"))
	_, err := s.Cached(t.Context(), CacheOptions{Dir: dir})
	wantError(t, err, s.Images[4].Path, "not an image")

	writeTo(t, s.Images[1].Path, nil)
	_, err = s.Cached(t.Context(), CacheOptions{Dir: dir})
	first := s.Images[1].Path + ": the file is empty (0 bytes); copy or export it again"
	if want := "dataset: 2 of 7 images cannot be used, the first " + first + "; also " + s.Images[4].Path; err == nil || err.Error() != want {
		t.Errorf("error %q, want %q", err, want)
	}
	if files, _ := os.ReadDir(dir); len(files) != 0 {
		t.Errorf("left behind: %v", files)
	}
}

// More bad images than a line takes are listed in a file, until there are none.
func TestCacheListsManyBadImages(t *testing.T) {
	s, dir, open := cacheFixture(t)
	bad := []int{0, 2, 3, 5, 6}
	good := map[int][]byte{}
	for _, i := range bad {
		good[i], _ = os.ReadFile(s.Images[i].Path)
		writeTo(t, s.Images[i].Path, nil)
	}
	_, err := s.Cached(t.Context(), CacheOptions{Dir: dir})
	list := filepath.Join(dir, "bad-images.txt")
	wantError(t, err, "5 of 7 images cannot be used, the first "+s.Images[0].Path+": the file is empty",
		"; also "+s.Images[2].Path+", "+s.Images[3].Path+" and 2 more, all listed in "+list)
	data, err := os.ReadFile(list)
	lines := strings.Split(strings.TrimSpace(string(data)), "\n")
	if err != nil || len(lines) != len(bad) {
		t.Fatalf("list %q (%v), want %d lines", lines, err, len(bad))
	}
	for n, i := range bad {
		if !strings.HasPrefix(lines[n], s.Images[i].Path+": the file is empty") {
			t.Errorf("line %d of the list is %q", n+1, lines[n])
		}
	}
	_, err = s.InMemory(t.Context(), CacheOptions{})
	wantError(t, err, "5 of 7 images", s.Images[3].Path+" and 2 more")

	for i, data := range good {
		writeTo(t, s.Images[i].Path, data)
	}
	open()
	cacheFile(t, dir) // and no list
}

func TestCacheIsStopped(t *testing.T) {
	s, dir, open := cacheFixture(t)
	ctx, cancel := context.WithCancel(t.Context())
	_, err := s.Cached(ctx, CacheOptions{Dir: dir, Workers: 1, Progress: func(done, total int) {
		if done == 3 {
			cancel()
		}
	}})
	wantError(t, err, "stopped after 3 of 7 images")
	if !errors.Is(err, context.Canceled) {
		t.Errorf("%v does not wrap context.Canceled", err)
	}
	if files, _ := os.ReadDir(dir); len(files) != 0 {
		t.Errorf("left behind: %v", files)
	}
	cached, _ := open()
	sameCrops(t, cached, s)
}

func TestCacheErrors(t *testing.T) {
	s, dir, _ := cacheFixture(t)
	writeTo(t, dir, []byte("a file where the folder is to be"))
	_, err := s.Cached(t.Context(), CacheOptions{Dir: dir})
	wantError(t, err, dir, "what is there is no folder: move it or write elsewhere")
	if runtime.GOOS == "linux" {
		// Every write to this device fails as on a full disk.
		err := s.buildCache(t.Context(), "/dev/full", cacheKey{}, CacheOptions{})
		wantError(t, err, "dataset: crop cache of 1 MB: write /dev/full: no space left on device; free some space or write elsewhere")
	}
	remove(t, s.Images[0].Path)
	_, err = s.Cached(t.Context(), CacheOptions{Dir: t.TempDir()})
	wantError(t, err, s.Images[0].Path, "cannot be found any more")
}

// What a killed process has left of a cache goes when the cache is made again,
// unless it may be another process's that is at work.
func TestCacheRemovesLeftovers(t *testing.T) {
	s, dir, open := cacheFixture(t)
	open()
	file := cacheFile(t, dir)
	left := func(name string, age time.Duration) string {
		path := filepath.Join(dir, name)
		writeTo(t, path, []byte("half"))
		at := time.Now().Add(-age)
		if err := os.Chtimes(path, at, at); err != nil {
			t.Fatal(err)
		}
		return path
	}
	dead := left("."+filepath.Base(file)+".tmp-0123456789abcdef", 2*staleAfter)
	alive := left("."+filepath.Base(file)+".tmp-0123456789abcde0", 0)
	other := left(".other.bin.tmp-0123456789abcdef", 2*staleAfter)
	flip(t, file, 42)
	cached, _ := open()
	sameCrops(t, cached, s)
	for path, want := range map[string]bool{dead: false, alive: true, other: true} {
		if _, err := os.Stat(path); (err == nil) != want {
			t.Errorf("%s is there: %v, want %v", filepath.Base(path), err == nil, want)
		}
	}
}

func TestDefaultCacheDir(t *testing.T) {
	dir, err := DefaultCacheDir()
	if err == nil && filepath.Base(dir) != "sphereface" {
		t.Errorf("folder %s", dir)
	}
}
