package dataset

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// lfwServer serves an archive of three images, and a fetcher that expects them.
func lfwServer(t *testing.T, handler func(archive []byte) http.HandlerFunc) *fetcher {
	t.Helper()
	file := filepath.Join(t.TempDir(), "a.tgz")
	writeArchive(t, file, []string{
		"lfw-deepfunneled/Ann_A/Ann_A_0001.jpg", "lfw-deepfunneled/Ann_A/Ann_A_0002.jpg", "../../Bob_B/Bob_B_0001.jpg",
		"../../../evil/evil.sh", "lfw-deepfunneled/readme.txt",
	}, func(name string) []byte { return photo(t, 250, 250, uint64(len(name))) })
	archive, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(handler(archive))
	t.Cleanup(server.Close)
	sum := sha256.Sum256(archive)
	f := newFetcher(nil)
	f.remotes = []remote{{"lfw-deepfunneled.tgz", "lfw-deepfunneled", server.URL + "/lfw.tgz", checksum{"sha256", hex.EncodeToString(sum[:])}}}
	f.edition.images, f.edition.people = 3, 2
	return f
}

func serve(archive []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		http.ServeContent(w, r, "", time.Unix(1e9, 0), bytes.NewReader(archive))
	}
}

func TestFetch(t *testing.T) {
	f := lfwServer(t, serve)
	root := filepath.Join(t.TempDir(), "lfw")
	r, err := f.fetch(t.Context(), root)
	wantError(t, err, "is not complete", "peopleDevTrain.txt:2: ", "0 are here") // three images are not LFW
	if r.Images != 3 {
		t.Errorf("%d images, want 3", r.Images)
	}
	var files []string
	if err := filepath.Walk(root, func(path string, info os.FileInfo, err error) error {
		if err == nil && !info.IsDir() {
			rel, _ := filepath.Rel(root, path)
			files = append(files, filepath.ToSlash(rel))
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	want := "[lfw-deepfunneled/Ann_A/Ann_A_0001.jpg lfw-deepfunneled/Ann_A/Ann_A_0002.jpg lfw-deepfunneled/Bob_B/Bob_B_0001.jpg pairs.txt pairsDevTest.txt pairsDevTrain.txt people.txt peopleDevTest.txt peopleDevTrain.txt]"
	if fmt.Sprint(files) != want {
		t.Errorf("files %v\nwant  %s", files, want)
	}
	if _, err := OpenLFW(root); err != nil {
		t.Error(err)
	}
	f.remotes[0].url = "http://127.0.0.1:0/" // the images are here: no network is asked
	if _, err := f.fetch(t.Context(), root); !strings.Contains(err.Error(), "is not complete") {
		t.Errorf("second time: %v", err)
	}
}

func TestFetchGoesOnWhereItStopped(t *testing.T) {
	for name, ranges := range map[string]bool{"with ranges": true, "without ranges": false} {
		t.Run(name, func(t *testing.T) {
			var asked []string
			var size int
			f := lfwServer(t, func(archive []byte) http.HandlerFunc {
				size = len(archive)
				return func(w http.ResponseWriter, r *http.Request) {
					asked = append(asked, r.Header.Get("Range"))
					if len(asked) == 1 { // the connection breaks half way
						w.Header().Set("Content-Length", fmt.Sprint(size))
						w.Write(archive[:size/2])
						panic(http.ErrAbortHandler)
					}
					if !ranges {
						r.Header.Del("Range")
					}
					serve(archive)(w, r)
				}
			})
			root := t.TempDir()
			_, err := f.fetch(t.Context(), root)
			wantError(t, err, "LFW cannot be fetched", "unexpected EOF", "put lfw-deepfunneled.tgz into "+root)
			var first int64 = -1
			f.progress = func(stage string, done, total int64) {
				if first < 0 {
					first = done
				}
				if strings.HasPrefix(stage, "download") && total != int64(size) {
					t.Errorf("progress %s: %d of %d, want a total of %d", stage, done, total, size)
				}
			}
			if r, _ := f.fetch(t.Context(), root); r.Images != 3 {
				t.Fatalf("%d images, want 3", r.Images)
			}
			if len(asked) != 2 || asked[1] != fmt.Sprintf("bytes=%d-", size/2) {
				t.Errorf("ranges asked for: %q", asked)
			}
			if resumed := first > int64(size/2); ranges != resumed {
				t.Errorf("first progress at %d of %d", first, size)
			}
		})
	}
}

func TestFetchErrors(t *testing.T) {
	notFound := lfwServer(t, func([]byte) http.HandlerFunc { return http.NotFound })
	_, err := notFound.fetch(t.Context(), t.TempDir())
	wantError(t, err, notFound.remotes[0].url+": the server answers 404 Not Found", "by other means")

	wrong := lfwServer(t, func(archive []byte) http.HandlerFunc { return serve(archive[1:]) })
	root := t.TempDir()
	_, err = wrong.fetch(t.Context(), root)
	wantError(t, err, "what came has the SHA256 ")
	if files, _ := os.ReadDir(root); len(files) != 0 {
		t.Errorf("left behind: %v", files)
	}

	fewer := lfwServer(t, serve)
	fewer.edition.images = 4
	root = t.TempDir()
	_, err = fewer.fetch(t.Context(), root)
	wantError(t, err, "lfw-deepfunneled.tgz: holds 3 images of 2 people instead of 4 of 2")
	if files, _ := filepath.Glob(filepath.Join(root, unpackPrefix+"*")); len(files) != 0 {
		t.Errorf("left behind: %v", files)
	}

	offline := lfwServer(t, serve)
	offline.remotes[0].url = "http://127.0.0.1:1/lfw.tgz"
	_, err = offline.fetch(t.Context(), t.TempDir())
	wantError(t, err, "LFW cannot be fetched (http://127.0.0.1:1/lfw.tgz: ", "connection refused")

	ctx, cancel := context.WithCancel(t.Context())
	stopped := lfwServer(t, serve)
	stopped.progress = func(string, int64, int64) { cancel() }
	_, err = stopped.fetch(ctx, t.TempDir())
	if !errors.Is(err, context.Canceled) {
		t.Errorf("stopped: %v", err)
	}

	file := filepath.Join(t.TempDir(), "file")
	writeTo(t, file, nil)
	_, err = FetchLFW(t.Context(), file, nil)
	wantError(t, err, "file: is not a folder")
}
