package report

import (
	"os"
	"strings"
	"testing"
	"time"
)

// clock stands still until it is told otherwise.
type clock struct{ at time.Time }

func (c *clock) now() time.Time { return c.at }

func (c *clock) pass(d time.Duration) { c.at = c.at.Add(d) }

func newClock() *clock { return &clock{time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)} }

func TestLines(t *testing.T) {
	c := newClock()
	var out strings.Builder
	p := NewProgress(&out, ProgressOptions{Title: "epoch 3/128", Unit: "images", Total: 1000, Every: 20 * time.Second, Now: c.now})
	for range 10 { // 20 images/s: a tenth takes 5 s, but the tenths come in pairs
		c.pass(10 * time.Second)
		p.Add(200, Number("loss", 3.21449, 4), Percent("accuracy", 0.1234), Number("λ", 1500, 4))
		if p.done == 600 {
			break
		}
	}
	p.Note("validation: %.1f%%\n", 88.5)
	for range 3 { // slow now: only the time brings a line
		c.pass(15 * time.Second)
		p.Add(30)
	}
	p.Finish(Number("loss", 2.5, 4))
	p.Finish()
	p.Add(7)
	want := `epoch 3/128: 20% (200/1000 images), 20.0 images/s, 40s left, loss 3.214, accuracy 12.3%, λ 1500
epoch 3/128: 40% (400/1000 images), 20.0 images/s, 30s left, loss 3.214, accuracy 12.3%, λ 1500
epoch 3/128: 60% (600/1000 images), 20.0 images/s, 20s left, loss 3.214, accuracy 12.3%, λ 1500
validation: 88.5%
epoch 3/128: 66% (660/1000 images), 2.00 images/s, 2m50s left, loss 3.214, accuracy 12.3%, λ 1500
epoch 3/128: 69% (690/1000 images), 9.20 images/s, 1m15s, loss 2.500
`
	if got := out.String(); got != want {
		t.Errorf("got:\n%swant:\n%s", got, want)
	}
}

func TestLinesAreRareWhenTheWorkIsQuick(t *testing.T) {
	c := newClock()
	var out strings.Builder
	p := NewProgress(&out, ProgressOptions{Total: 1000, Now: c.now})
	for range 1000 {
		c.pass(2 * time.Millisecond)
		p.Add(1)
	}
	p.Finish()
	want := "50% (500/1000 steps), 500 steps/s, 1s left\n" +
		"100% (1000/1000 steps), 500 steps/s, 2s\n"
	if got := out.String(); got != want {
		t.Errorf("got:\n%swant at most a line a second, and the last:\n%s", got, want)
	}
}

func TestLinesOfUnknownTotal(t *testing.T) {
	c := newClock()
	var out strings.Builder
	p := NewProgress(&out, ProgressOptions{Title: "people", Unit: "files", Now: c.now})
	c.pass(31 * time.Second)
	p.Add(62)
	p.Finish()
	want := "people: 62 files, 2.00 files/s, 31s\npeople: 62 files, 2.00 files/s, 31s\n"
	if out.String() != want {
		t.Errorf("got:\n%swant:\n%s", out.String(), want)
	}
}

func TestResumedWorkDoesNotCountForTheRate(t *testing.T) {
	c := newClock()
	var out strings.Builder
	p := NewProgress(&out, ProgressOptions{Total: 1000, Done: 900, Now: c.now})
	c.pass(10 * time.Second)
	p.Add(10)
	p.Finish()
	if want := "91% (910/1000 steps), 1.00 steps/s, 10s\n"; out.String() != want {
		t.Errorf("got %q, want %q", out.String(), want)
	}
}

func TestBar(t *testing.T) {
	c := newClock()
	var out strings.Builder
	p := NewProgress(&out, ProgressOptions{Title: "epoch 1/2", Unit: "images", Total: 200, Style: Bar, Now: c.now})
	for range 4 {
		c.pass(time.Second)
		p.Add(25, Number("loss", 0.5, 3))
		p.Add(25, Number("loss", 0.25, 3)) // too soon to be drawn
	}
	p.Note("saved")
	p.Finish()
	got := strings.Split(out.String(), "\r")[1:]
	for i, want := range []string{
		"epoch 1/2 0% |                        |  0s" + eraseToEnd,
		"epoch 1/2 12% |██                      |  25.0 images/s, 7s left, loss 0.500" + eraseToEnd,
		"epoch 1/2 37% |████████                |  37.5 images/s, 3s left, loss 0.500" + eraseToEnd,
		"epoch 1/2 62% |██████████████          |  41.7 images/s, 2s left, loss 0.500" + eraseToEnd,
		"epoch 1/2 87% |████████████████████    |  43.8 images/s, 1s left, loss 0.500" + eraseToEnd,
		eraseToEnd + "saved\n",
		"epoch 1/2 100% |████████████████████████|  50.0 images/s, 4s, loss 0.250" + eraseToEnd,
		"epoch 1/2 100% |████████████████████████|  50.0 images/s, 4s, loss 0.250" + eraseToEnd + "\n",
	} {
		if i >= len(got) || got[i] != want {
			t.Fatalf("drawing %d:\n got %q\nwant %q", i, got[min(i, len(got)-1)], want)
		}
	}
	if len(got) != 8 {
		t.Errorf("%d drawings, want 8", len(got))
	}
}

func TestBarNeverWraps(t *testing.T) {
	c := newClock()
	var out strings.Builder
	p := NewProgress(&out, ProgressOptions{Title: strings.Repeat("a long title ", 9), Total: 10, Style: Bar, Now: c.now})
	c.pass(time.Second)
	p.Add(20) // beyond the total: the bar is full, and no more
	p.Finish(Field{"note", strings.Repeat("ä", 200)})
	for _, l := range strings.Split(out.String(), "\r") {
		l = strings.TrimSuffix(strings.TrimSpace(l), eraseToEnd)
		if n := len([]rune(l)); n >= defaultColumns {
			t.Errorf("%d columns, want fewer than %d: %q", n, defaultColumns, l)
		}
	}
}

func TestSpinnerOfUnknownTotal(t *testing.T) {
	c := newClock()
	var out strings.Builder
	p := NewProgress(&out, ProgressOptions{Unit: "files", Style: Bar, Now: c.now})
	c.pass(2 * time.Second)
	p.Add(8)
	p.Finish()
	if got := out.String(); !strings.Contains(got, "4.00 files/s, 2s") || strings.Contains(got, "%") {
		t.Errorf("got %q", got)
	}
}

func TestAFileIsNoTerminal(t *testing.T) {
	f, err := os.CreateTemp(t.TempDir(), "log")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	c := newClock()
	p := NewProgress(f, ProgressOptions{Total: 2, Now: c.now})
	c.pass(2 * time.Second)
	p.Add(1)
	p.Finish()
	got, err := os.ReadFile(f.Name())
	if err != nil {
		t.Fatal(err)
	}
	if strings.ContainsAny(string(got), "\r\x1b") || strings.Count(string(got), "\n") != 2 {
		t.Errorf("got %q, want two plain lines", got)
	}
}

func TestBriefAndSignificant(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0s", 1499 * time.Millisecond: "1s", 59600 * time.Millisecond: "1m00s",
		185 * time.Second: "3m05s", 3600 * time.Second: "1h00m", 7655 * time.Second: "2h07m",
	} {
		if got := brief(d); got != want {
			t.Errorf("brief(%v) = %q, want %q", d, got, want)
		}
	}
	for _, c := range []struct {
		v      float64
		digits int
		want   string
	}{
		{0, 3, "0"},
		{3.21449, 4, "3.214"},
		{412.3, 3, "412"},
		{1234567, 3, "1234567"},
		{0.00123, 2, "0.0012"},
		{-2, 3, "-2.00"},
		{1e-7, 3, "1.00e-07"},
	} {
		if got := significant(c.v, c.digits); got != c.want {
			t.Errorf("significant(%v, %d) = %q, want %q", c.v, c.digits, got, c.want)
		}
	}
}

// TestBarOnANarrowTerminal has the figures that are watched in sight on 80 columns,
// late in a long run as in its first epoch: what makes room is the bar.
func TestBarOnANarrowTerminal(t *testing.T) {
	for _, tc := range []struct {
		title string
		want  string
	}{
		{"epoch 1/2", "epoch 1/2 50%  41.7 images/s, 24s left, loss 11.23, accuracy 50.0%, λ 1500"},
		{"epoch 128/128, fold 7", "epoch 128/128, fold 7 50% |██   |  24s left, loss 11.23, accuracy 50.0%, λ 1500"},
	} {
		c := newClock()
		var out strings.Builder
		p := NewProgress(&out, ProgressOptions{Title: tc.title, Unit: "images", Total: 2000, Style: Bar, Now: c.now})
		c.pass(24 * time.Second)
		p.Add(1000, Number("loss", 11.23, 4), Percent("accuracy", 0.5), Number("λ", 1500, 4), Number("rate", 0.0012345, 3))
		drawn := strings.Split(out.String(), "\r")
		if got := strings.TrimSuffix(drawn[len(drawn)-1], eraseToEnd); got != tc.want {
			t.Errorf("got  %q\nwant %q", got, tc.want)
		}
	}
	// Between nothing and all of it, the bar is as wide as there is room.
	for columns, want := range map[int]string{
		10: "x 50%  1…",
		13: "x 50%  12345",
		19: "x 50%  12345",
		20: "x 50% |██  |  12345",
		24: "x 50% |████    |  12345",
		80: "x 50% |████████████            |  12345",
	} {
		got := newBar(100, "x").render(50, []string{"12345"}, columns)
		if got != "\r"+want+eraseToEnd {
			t.Errorf("%d columns: %q, want %q", columns, got, want)
		}
	}
}

// TestWorkBeganBefore counts the time from when the work began, not from when the
// first part of it was done.
func TestWorkBeganBefore(t *testing.T) {
	c := newClock()
	began := c.now()
	c.pass(2 * time.Second)
	var out strings.Builder
	p := NewProgress(&out, ProgressOptions{Unit: "images", Total: 12, Now: c.now, Since: began})
	p.Add(12)
	p.Finish()
	if want := "100% (12/12 images), 6.00 images/s, 2s\n"; out.String() != want {
		t.Errorf("got %q, want %q", out.String(), want)
	}
}
