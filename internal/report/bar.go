package report

import (
	"bytes"
	"io"
	"os"
	"strings"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

const (
	barWidth       = 24
	defaultColumns = 80
)

// bar draws with the progressbar package. That package has a clock and a terminal
// of its own; here it only renders, into a buffer, and the rest is Progress's.
type bar struct {
	bar   *progressbar.ProgressBar
	out   bytes.Buffer
	title string
	total int
}

func newBar(total int, title string) *bar {
	b := &bar{title: title, total: total}
	limit := int64(total)
	if total <= 0 {
		limit = -1 // a spinner
	}
	b.bar = progressbar.NewOptions64(limit,
		progressbar.OptionSetWriter(&b.out),
		progressbar.OptionSetWidth(barWidth),
		progressbar.OptionShowDescriptionAtLineEnd(),
		progressbar.OptionSetElapsedTime(false),
		progressbar.OptionSetPredictTime(false),
		progressbar.OptionSetRenderBlankState(false),
		progressbar.OptionSpinnerType(14),
		progressbar.OptionSetSpinnerChangeInterval(0), // otherwise it draws in a goroutine of its own
	)
	return b
}

// render is the text that replaces the line on the terminal.
func (b *bar) render(done int, state string, columns int) string {
	if b.total > 0 {
		done = min(done, b.total)
	}
	_ = b.bar.Set(done) // only fails beyond the total
	b.out.Reset()
	b.bar.Describe(state) // draws
	line := strings.TrimLeft(b.out.String(), "\r")
	if i := strings.LastIndexByte(line, '\r'); i >= 0 {
		line = line[i+1:]
	}
	line = strings.TrimSpace(line)
	if b.title != "" {
		line = b.title + " " + line
	}
	return "\r" + clip(line, columns-1) + eraseToEnd
}

// clear is the text that empties the line on the terminal.
func (b *bar) clear() string { return "\r" + eraseToEnd }

// eraseToEnd is ANSI's "erase in line": from the cursor to the end.
const eraseToEnd = "\x1b[K"

// clip keeps a line from wrapping: a line that wraps cannot be drawn over.
func clip(s string, columns int) string {
	r := []rune(s)
	if len(r) <= columns {
		return s
	}
	if columns < 1 {
		return ""
	}
	return string(r[:columns-1]) + "…"
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd())) && os.Getenv("TERM") != "dumb"
}

// columns is the width of the terminal; 80 if w is none.
func columns(w io.Writer) int {
	if f, ok := w.(*os.File); ok {
		if n, _, err := term.GetSize(int(f.Fd())); err == nil && n > 0 {
			return n
		}
	}
	return defaultColumns
}
