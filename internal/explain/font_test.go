package explain

import (
	"strings"
	"testing"
	"unicode/utf8"
)

func TestElide(t *testing.T) {
	f := newFonts().name
	const most = 200
	for _, name := range []string{
		"",
		"short.jpg",
		"a-name-that-is-longer-than-its-room-by-far.jpg",
		strings.Repeat("W", 3000) + ".png",
		"Ünïcödé-" + strings.Repeat("ж", 100),
	} {
		got := elide(f, name, most)
		if w := width(f, got); w > most {
			t.Errorf("%q became %q, %.0f pixels wide", name, got, w)
		}
		begin, end, cut := strings.Cut(got, "…")
		if fits := width(f, name) <= most; fits && got != name {
			t.Errorf("%q fits, but became %q", name, got)
		} else if !fits && (!cut || !strings.HasPrefix(name, begin) || !strings.HasSuffix(name, end) || len(end) < 3) {
			t.Errorf("%q became %q, which is not its beginning and end", name, got)
		}
		// One more character would be too many.
		if n := utf8.RuneCountInString(got); cut && width(f, got)+width(f, "W") < most {
			t.Errorf("%q became %q: there is room for more than %d characters", name, got, n)
		}
	}
	if got := elide(f, "a\nb\x00\xffc", most); got != "a\ufffdb\ufffd\ufffdc" {
		t.Errorf("what cannot be printed became %q", got)
	}
	if got := elide(f, "name", 1); got != "…" {
		t.Errorf("without room a name became %q", got)
	}
}
