package rooms

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const (
	root    = "sphereface" // the room of the package at the module's root
	module  = "github.com/sphereface-go/sphereface/"
	page    = "../../docs/architecture.md"
	anyRoom = "any but"
)

// room is a row of the table: what it may import, or for the binaries that may
// import anything, what it may not.
type room struct {
	name string
	any  bool
	list []string
}

func table(t *testing.T) []room {
	t.Helper()
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	code := regexp.MustCompile("`([^`]+)`")
	var rooms []room
	for line := range strings.Lines(string(text)) {
		cells := strings.Split(line, "|")
		if len(cells) != 5 || !strings.HasPrefix(cells[1], " `") {
			continue
		}
		r := room{name: strings.Trim(cells[1], " `"), any: strings.Contains(cells[3], anyRoom)}
		for _, m := range code.FindAllStringSubmatch(cells[3], -1) {
			r.list = append(r.list, m[1])
		}
		rooms = append(rooms, r)
	}
	if len(rooms) == 0 {
		t.Fatalf("%s has no table of rooms", page)
	}
	return rooms
}

// of is the room that a package lies in: the longest name that is a prefix.
func of(rooms []room, path string) *room {
	var best *room
	for i, r := range rooms {
		if (path == r.name || strings.HasPrefix(path, r.name+"/")) && (best == nil || len(r.name) > len(best.name)) {
			best = &rooms[i]
		}
	}
	return best
}

// nameOf is the name of a package in the table.
func nameOf(path string) string {
	if path+"/" == module {
		return root
	}
	return strings.TrimPrefix(path, module)
}

func TestImports(t *testing.T) {
	rooms := table(t)
	list := exec.Command("go", "list", "-json=ImportPath,Imports", "../../...")
	list.Stderr = os.Stderr
	out, err := list.Output()
	if err != nil {
		t.Fatal(err)
	}
	used := map[string]bool{}
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p struct {
			ImportPath string
			Imports    []string
		}
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		name := nameOf(p.ImportPath)
		if name == "internal/rooms" {
			continue
		}
		from := of(rooms, name)
		if from == nil {
			t.Errorf("%s is in no room of %s", name, page)
			continue
		}
		for _, i := range p.Imports {
			if !strings.HasPrefix(i+"/", module) {
				continue
			}
			to := of(rooms, nameOf(i))
			if to == nil || to.name == from.name {
				continue
			}
			used[from.name+" "+to.name] = true
			if from.any == slices.Contains(from.list, to.name) {
				t.Errorf("%s imports %s, which %s does not allow", name, i, page)
			}
		}
	}
	for _, r := range rooms {
		for _, to := range r.list {
			if !r.any && !used[r.name+" "+to] {
				t.Errorf("%s says that %s imports %s, which it does not", page, r.name, to)
			}
		}
	}
}
