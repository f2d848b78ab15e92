package dataset

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
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
		checked := 0
		cached, err := s.Cached(t.Context(), CacheOptions{Dir: dir, Progress: func(stage string, done, total int64) {
			switch {
			case stage == "checking photos" && done == int64(checked) && total == int64(s.Len()):
				checked++
			case stage == "preparing faces" && done == int64(aligned) && done <= total:
				aligned++
			default:
				t.Errorf("%s: progress %d of %d after %d and %d calls", stage, done, total, checked, aligned)
			}
		}})
		aligned = max(0, aligned-1) // the first call says 0
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
	if _, aligned := remade(t, s, dir, map[int][]byte{1: photo(t, 80, 64, 1), 4: photo(t, 80, 64, 4)}); aligned != 1 {
		t.Errorf("%d images aligned once the bad ones are replaced, want the one that was never good", aligned)
	}
}

// remade opens the cache of the set with other content of some photos, and says
// how many images were aligned for it.
func remade(t *testing.T, s *Set, dir string, photos map[int][]byte) (cached *Set, aligned int) {
	t.Helper()
	for i, data := range photos {
		writeTo(t, s.Images[i].Path, data)
	}
	cached, err := s.Cached(t.Context(), CacheOptions{Dir: dir, Progress: func(stage string, done, _ int64) {
		if stage == "preparing faces" {
			aligned = int(done)
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cached.Close() })
	sameCrops(t, cached, s)
	return cached, aligned
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

func TestCacheErrors(t *testing.T) {
	s, dir, _ := cacheFixture(t)
	writeTo(t, dir, []byte("a file where the folder is to be"))
	_, err := s.Cached(t.Context(), CacheOptions{Dir: dir})
	wantError(t, err, dir, "what is there is no folder: move it or write elsewhere")
	if runtime.GOOS == "linux" {
		// Every write to this device fails as on a full disk.
		err := s.buildCache(t.Context(), "/dev/full", make([]content, s.Len()), CacheOptions{})
		wantError(t, err, "dataset: crop cache of 1 MB: write /dev/full: no space left on device; free some space or write elsewhere")
	}
	remove(t, s.Images[0].Path)
	_, err = s.Cached(t.Context(), CacheOptions{Dir: t.TempDir()})
	wantError(t, err, s.Images[0].Path, "no such file or directory; check the path")
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

func TestDefaultCacheDir(t *testing.T) {
	dir, err := DefaultCacheDir()
	if err == nil && filepath.Base(dir) != "sphereface" {
		t.Errorf("folder %s", dir)
	}
}
