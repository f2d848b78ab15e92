package dataset

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

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
			case (stage == "taking over crops" || stage == "checking crops") && total == int64(s.Len()):
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

func TestDefaultCacheDir(t *testing.T) {
	dir, err := DefaultCacheDir()
	if err == nil && filepath.Base(dir) != "sphereface" {
		t.Errorf("folder %s", dir)
	}
}
