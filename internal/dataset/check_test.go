package dataset

import (
	"archive/tar"
	"archive/zip"
	"bytes"
	"compress/gzip"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// writeArchive writes a .zip, .tar or .tgz of the files, in the given order.
func writeArchive(t testing.TB, file string, names []string, content func(name string) []byte) {
	t.Helper()
	f, err := os.Create(file)
	if err != nil {
		t.Fatal(err)
	}
	var add func(name string, data []byte) error
	var closers []io.Closer
	if strings.HasSuffix(file, ".zip") {
		z := zip.NewWriter(f)
		closers = []io.Closer{z, f}
		add = func(name string, data []byte) error {
			w, err := z.Create(name)
			if err == nil {
				_, err = w.Write(data)
			}
			return err
		}
	} else {
		var w io.Writer = f
		closers = []io.Closer{f}
		if strings.HasSuffix(file, "gz") {
			g, err := gzip.NewWriterLevel(f, gzip.BestSpeed)
			if err != nil {
				t.Fatal(err)
			}
			w, closers = g, append([]io.Closer{g}, closers...)
		}
		tw := tar.NewWriter(w)
		closers = append([]io.Closer{tw}, closers...)
		add = func(name string, data []byte) error {
			err := tw.WriteHeader(&tar.Header{Name: name, Mode: 0o644, Size: int64(len(data))})
			if err == nil {
				_, err = tw.Write(data)
			}
			return err
		}
	}
	for _, name := range names {
		if err := add(name, content(name)); err != nil {
			t.Fatal(err)
		}
	}
	for _, c := range closers {
		if err := c.Close(); err != nil {
			t.Fatal(err)
		}
	}
}

// LFW in full, in an archive with its lists beside it; the images are all the
// same picture.
func TestCheckLFWInFull(t *testing.T) {
	data, err := lfwEdition().content(PeopleAll)
	if err != nil {
		t.Fatal(err)
	}
	list, err := ParsePeople(bytes.NewReader(data), PeopleAll)
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, p := range list.People {
		for n := range p.Images {
			names = append(names, "lfw/"+p.Name+"/"+Ref{p.Name, n + 1}.String()+".jpg")
		}
	}
	root := t.TempDir()
	archive := filepath.Join(root, "lfw.tgz")
	picture := photo(t, 250, 250, 1)
	writeArchive(t, archive, names, func(string) []byte { return picture })
	r, err := CheckLFW(t.Context(), archive)
	wantError(t, err, "the list peopleDevTrain.txt is missing", "--fetch", "(and 5 more problems)")
	if r.Images != 13233 || r.People != 5749 {
		t.Errorf("%d images of %d people", r.Images, r.People)
	}
	if err := newFetcher(nil).writeLists(root); err != nil {
		t.Fatal(err)
	}
	if r, err = CheckLFW(t.Context(), archive); err != nil {
		t.Fatalf("%v\n%s", err, r)
	}
	for _, line := range []string{
		"13233 of 13233", "5749 of 5749", "peopleDevTrain.txt  4038 people, 9525 images", "peopleDevTest.txt   1711 people, 3708 images",
		"people.txt          5749 people, 13233 images", "pairsDevTrain.txt   2200 pairs", "pairsDevTest.txt    1000 pairs", "pairs.txt           10 folds, 6000 pairs",
	} {
		if !strings.Contains(r.String(), line) {
			t.Errorf("report lacks %q:\n%s", line, r)
		}
	}
}

// miniEdition has the images and lists of miniLFW.
func miniEdition(t *testing.T) edition {
	t.Helper()
	e := lfwEdition()
	e.images, e.people = 9, 5
	var names []string
	for _, o := range e.lists {
		names = append(names, o.name)
	}
	file := filepath.Join(t.TempDir(), "lists.zip")
	writeArchive(t, file, names, func(name string) []byte { return []byte(miniLists()[name]) })
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	e.archive = data
	return e
}

func TestCheckFindsWhatIsWrong(t *testing.T) {
	root := t.TempDir()
	picture := photo(t, 250, 250, 1)
	for _, name := range miniImages("lfw") {
		writeTo(t, filepath.Join(root, name), picture)
	}
	for name, text := range miniLists() { // other line ends are no difference
		writeTo(t, filepath.Join(root, name), []byte(strings.ReplaceAll(strings.ReplaceAll(text, "\r", ""), "\n", "\r\n")+"\r\n"))
	}
	e := miniEdition(t)
	if r, err := e.check(t.Context(), root); err != nil {
		t.Fatalf("%v\n%s", err, r)
	}
	images := filepath.Join(root, "lfw")
	writeTo(t, filepath.Join(images, "Ann_A", "Ann_A_0001.jpg"), photo(t, 200, 250, 1))
	writeTo(t, filepath.Join(images, "Bob_B", "Bob_B_0001.jpg"), nil)
	writeTo(t, filepath.Join(images, "Bob_B", "Bob_B_0002.jpg"), picture[:len(picture)-9])
	writeTo(t, filepath.Join(images, "Dan_D", "Dan_D_0001.jpg"), []byte("GIF89a"))
	remove(t, filepath.Join(images, "Eve_E", "Eve_E_0001.jpg"))
	writeTo(t, filepath.Join(root, PairsDevTest), []byte("1\nDan_D\t1\t2\nDan_D\t2\tCid_C\t1\n"))
	writeTo(t, filepath.Join(root, PairsView2), []byte("name\timagenum1\timagenum2\n"))
	r, err := e.check(t.Context(), root)
	wantError(t, err, "is not complete", "more problems)")
	for _, want := range []string{
		"Ann_A/Ann_A_0001.jpg: 200×250 pixels instead of 250×250; get it again",
		"Bob_B/Bob_B_0001.jpg: the file is empty",
		"Bob_B/Bob_B_0002.jpg: the image is cut short",
		"Dan_D/Dan_D_0001.jpg: not a JPEG image",
		"4 images of 3 people instead of 9 of 5",
		"peopleDevTrain.txt:2: Ann_A has 3 images by the list, 2 are here",
		"the list pairsDevTest.txt differs from the official one",
		"pairsDevTest.txt:2: image Dan_D_0001 is not here",
		"pairs.txt:1: not the header of a pair list",
		"pairs.txt           damaged",
	} {
		if !strings.Contains(r.String(), want) {
			t.Errorf("report lacks %q:\n%s", want, r)
		}
	}
}

func TestCheckLFWErrors(t *testing.T) {
	root := t.TempDir()
	_, err := CheckLFW(t.Context(), filepath.Join(root, "no"))
	wantError(t, err, "no: no such folder or archive")
	file := filepath.Join(root, "lfw.rar")
	writeTo(t, file, []byte("Rar!"))
	_, err = CheckLFW(t.Context(), file)
	wantError(t, err, "lfw.rar: neither a folder nor a .tgz")

	names := []string{"lfw/Ann_A/Ann_A_0001.jpg", "lfw/Ann_A/Ann_A_0002.jpg"}
	picture := photo(t, 250, 250, 1)
	for _, name := range []string{"lfw.tgz", "lfw.tar", "lfw.zip"} {
		t.Run(name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), name)
			writeArchive(t, file, names, func(string) []byte { return picture })
			r, err := CheckLFW(t.Context(), file)
			wantError(t, err, "2 images of 1 people instead of 13233 of 5749")
			if r.Images != 2 || r.People != 1 {
				t.Errorf("%d images of %d people", r.Images, r.People)
			}
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			writeTo(t, file, data[:len(data)-1500])
			_, err = CheckLFW(t.Context(), file)
			wantError(t, err, name+": the archive is damaged or cut short")
			writeTo(t, file, []byte("<html>Not Found</html>"))
			_, err = CheckLFW(t.Context(), file)
			wantError(t, err, name+": the archive is damaged or cut short")

			writeArchive(t, file, []string{names[0], "other/Ann_A/Ann_A_0001.jpg"}, func(string) []byte { return picture })
			_, err = CheckLFW(t.Context(), file)
			wantError(t, err, "holds Ann_A_0001.jpg twice; remove the copy in other")
		})
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	miniLFW(t, root, "lfw")
	if _, err := CheckLFW(ctx, root); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}
