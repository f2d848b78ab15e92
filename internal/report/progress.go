package report

import (
	"fmt"
	"io"
	"strings"
	"sync"
	"time"
)

// Style is how progress is shown.
type Style uint8

const (
	Auto  Style = iota // Bar on a terminal, Lines elsewhere
	Bar                // one line that is drawn over and over
	Lines              // a plain line from time to time: for logs
)

const (
	redraw   = 100 * time.Millisecond // least time between two drawings of the bar
	quietest = 30 * time.Second       // default of ProgressOptions.Every
	busiest  = time.Second            // least time between two plain lines
	steps    = 10                     // a plain line each 1/steps of the work
)

// ProgressOptions says what the work is. Only Total must be set.
type ProgressOptions struct {
	Title string // shown first: "epoch 3/128"
	Unit  string // what is counted, plural: "images"; empty: "steps"
	Total int    // how many there are; 0: not known
	Done  int    // how many were done before, in a run that is resumed
	// Since is when the work began, where its first part is done by the time that
	// there is a Progress; zero: now.
	Since time.Time

	Style Style
	// Every is the longest time between two plain lines; 0: 30 seconds. Lines come
	// sooner, at most one a second, whenever another tenth of the work is done.
	Every time.Duration
	Now   func() time.Time // the clock; nil: time.Now
}

// Progress shows how far a piece of work is, its rate, the time left and fields of
// the caller's choice, of which the last is the first to go where a terminal is
// too narrow for all. Its methods may be called from any goroutine. What cannot
// be written is dropped: a closed pipe does not stop the work.
type Progress struct {
	mu      sync.Mutex
	w       io.Writer
	o       ProgressOptions
	bar     *bar // nil: plain lines
	done    int
	fields  []Field
	started time.Time
	shown   time.Time // when the bar or a line was last written
	tenth   int       // how many tenths the last line reported
	over    bool
	pace    pace
}

// NewProgress starts the clock, unless it is told when the work began. A bar appears at once; the first plain line after
// the first tenth of the work, or after Every.
func NewProgress(w io.Writer, o ProgressOptions) *Progress {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Every <= 0 {
		o.Every = quietest
	}
	if o.Unit == "" {
		o.Unit = "steps"
	}
	if o.Since.IsZero() {
		o.Since = o.Now()
	}
	p := &Progress{w: w, o: o, done: o.Done, started: o.Since}
	p.shown, p.tenth = p.started, p.tenths()
	p.pace.see(p.started, p.done)
	if o.Style == Bar || o.Style == Auto && isTerminal(w) {
		p.bar = newBar(o.Total, o.Title)
		p.draw()
	}
	return p
}

// Add counts n more and takes over the fields; without any, the last ones stay.
func (p *Progress) Add(n int, fields ...Field) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.over {
		return
	}
	now := p.o.Now()
	p.done += n
	p.take(fields)
	p.pace.see(now, p.done)
	since := now.Sub(p.shown)
	switch {
	case p.bar != nil:
		if since >= redraw {
			p.shown = now
			p.draw()
		}
	case p.o.Total > 0 && p.done >= p.o.Total: // Finish has the last line
	case since >= p.o.Every || since >= busiest && p.tenths() > p.tenth:
		p.shown, p.tenth = now, p.tenths()
		p.line()
	}
}

// Note writes a line of its own, above the bar if there is one.
func (p *Progress) Note(format string, args ...any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.bar != nil && !p.over {
		p.write(p.bar.clear())
	}
	p.write(strings.TrimRight(fmt.Sprintf(format, args...), "\n") + "\n")
	if p.bar != nil && !p.over {
		p.draw()
	}
}

// Finish shows the last state, with the rate over the whole time, and ends the
// line. It serves for work that was completed and for work that was stopped.
// Later calls of Add and Finish do nothing.
func (p *Progress) Finish(fields ...Field) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.over {
		return
	}
	p.over = true
	p.take(fields)
	if p.bar == nil {
		p.line()
		return
	}
	p.draw()
	p.write("\n")
}

func (p *Progress) take(fields []Field) {
	if len(fields) > 0 {
		p.fields = append(p.fields[:0], fields...)
	}
}

func (p *Progress) tenths() int {
	if p.o.Total <= 0 {
		return 0
	}
	return p.done * steps / p.o.Total
}

func (p *Progress) draw() {
	states := []string{p.state(true, len(p.fields))}
	if n := len(p.fields); n > 1 {
		states = append(states, p.state(true, n-1), p.state(false, n-1))
	}
	p.write(p.bar.render(p.done, states, columns(p.w)))
}

func (p *Progress) line() {
	var parts []string
	if p.o.Title != "" {
		parts = append(parts, p.o.Title+":")
	}
	if p.o.Total > 0 {
		parts = append(parts, fmt.Sprintf("%d%% (%d/%d %s),", 100*p.done/p.o.Total, p.done, p.o.Total, p.o.Unit))
	} else {
		parts = append(parts, fmt.Sprintf("%d %s,", p.done, p.o.Unit))
	}
	p.write(strings.Join(append(parts, p.state(true, len(p.fields))), " ") + "\n")
}

// state is what follows the count: the rate if wanted, the time, and the first so
// many of the fields.
func (p *Progress) state(withRate bool, fields int) string {
	elapsed := p.o.Now().Sub(p.started)
	rate := p.pace.rate()
	if p.over {
		rate = 0
		if s := elapsed.Seconds(); s > 0 {
			rate = float64(p.done-p.o.Done) / s
		}
	}
	var parts []string
	if rate > 0 && withRate {
		parts = append(parts, significant(rate, 3)+" "+p.o.Unit+"/s")
	}
	if left := p.o.Total - p.done; rate > 0 && left > 0 && !p.over {
		parts = append(parts, brief(time.Duration(float64(left)/rate*float64(time.Second)))+" left")
	} else {
		parts = append(parts, brief(elapsed))
	}
	if fields > 0 {
		parts = append(parts, join(p.fields[:fields]))
	}
	return strings.Join(parts, ", ")
}

func (p *Progress) write(s string) { _, _ = io.WriteString(p.w, s) }
