package report

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"strings"
	"unicode/utf8"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

const (
	widestBar      = 24
	leastBar       = 4 // a narrower one shows nothing that the percentage does not
	defaultColumns = 80
)

// bar draws with the progressbar package. That package has a clock and a terminal
// of its own; here it only renders, into a buffer, and the rest is Progress's.
type bar struct {
	bar   *progressbar.ProgressBar
	width int // of the bar that is drawn
	out   bytes.Buffer
	title string
	total int
}

func newBar(total int, title string) *bar { return &bar{title: title, total: total, width: -1} }

// resize makes a bar of another width.
func (b *bar) resize(width int) {
	if b.bar != nil && b.width == width {
		return
	}
	b.width = width
	limit := int64(b.total)
	if b.total <= 0 {
		limit = -1 // a spinner
	}
	b.bar = progressbar.NewOptions64(limit,
		progressbar.OptionSetWriter(&b.out),
		progressbar.OptionSetWidth(width),
		progressbar.OptionShowDescriptionAtLineEnd(),
		progressbar.OptionSetElapsedTime(false),
		progressbar.OptionSetPredictTime(false),
		progressbar.OptionSetRenderBlankState(false),
		progressbar.OptionSpinnerType(14),
		progressbar.OptionSetSpinnerChangeInterval(0), // otherwise it draws in a goroutine of its own
	)
}

// render is the text that replaces the line on the terminal. The bar gets the
// columns that the first of the states leaves; with none to spare, the first state
// that fits stands without a bar, and the last is cut off.
func (b *bar) render(done int, states []string, columns int) string {
	if b.total > 0 {
		done = min(done, b.total)
	}
	line := ""
	for _, state := range states {
		if line = b.line(done, state, columns-1); width(line) < columns {
			break
		}
	}
	return "\r" + clip(line, columns-1) + eraseToEnd
}

// line is the line with the widest bar that fits, or with none.
func (b *bar) line(done int, state string, columns int) string {
	if b.total <= 0 {
		return b.titled(b.draw(done, state, widestBar))
	}
	bare := b.titled(fmt.Sprintf("%d%%  %s", 100*done/b.total, state))
	room := columns - width(bare) - len(" ||")
	if room < leastBar {
		return bare
	}
	return b.titled(b.draw(done, state, min(room, widestBar)))
}

// draw has the progressbar package draw.
func (b *bar) draw(done int, state string, width int) string {
	b.resize(width)
	_ = b.bar.Set(done) // only fails beyond the total
	b.out.Reset()
	b.bar.Describe(state) // draws
	line := strings.TrimLeft(b.out.String(), "\r")
	if i := strings.LastIndexByte(line, '\r'); i >= 0 {
		line = line[i+1:]
	}
	return strings.TrimSpace(line)
}

func (b *bar) titled(line string) string {
	if b.title == "" {
		return line
	}
	return b.title + " " + line
}

func width(s string) int { return utf8.RuneCountInString(s) }

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
