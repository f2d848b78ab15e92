package main

import (
	"bytes"
	"slices"
	"testing"
)

func TestMedian(t *testing.T) {
	for _, c := range []struct {
		values []float64
		want   float64
	}{
		{nil, 0},
		{[]float64{3}, 3},
		{[]float64{9, 1}, 5},
		{[]float64{9, 1, 2}, 2},
		{[]float64{4, 100, 1, 2}, 3},
	} {
		before := slices.Clone(c.values)
		if got := median(c.values); got != c.want {
			t.Errorf("median of %v is %v, want %v", c.values, got, c.want)
		}
		if !slices.Equal(before, c.values) {
			t.Errorf("%v became %v", before, c.values)
		}
	}
}

func TestRatios(t *testing.T) {
	if got, want := ratios([]float64{1, 4}, []float64{2, 1}), []float64{2, 0.25}; !slices.Equal(got, want) {
		t.Errorf("ratios %v, want %v: theirs over ours", got, want)
	}
}

func TestDuration(t *testing.T) {
	for _, c := range []struct {
		seconds float64
		want    string
	}{
		{1.2345, "1.23 s"},
		{12, "12.00 s"},
		{0.5678, "568 ms"},
		{0.01234, "12.3 ms"},
		{0.00987, "9.87 ms"},
	} {
		if got := duration(c.seconds); got != c.want {
			t.Errorf("%v: %q, want %q", c.seconds, got, c.want)
		}
	}
}

// TestTable: the ratio is the median of the rounds' ratios, which is here another
// figure than the ratio of the medians.
func TestTable(t *testing.T) {
	o := outcome{
		duel:       duel{title: "net", images: 10, ours: side{name: "we"}, theirs: side{name: "they"}},
		oursTook:   []float64{1, 2, 4},
		theirsTook: []float64{3, 2, 2},
	}
	var out bytes.Buffer
	if err := printTable(&out, []outcome{o}); err != nil {
		t.Fatal(err)
	}
	const want = `|  | side | median | min–max | images/s | ratio | min–max |
| --- | --- | --- | --- | --- | --- | --- |
| net | we | 2.00 s | 1.00 s–4.00 s | 5.0 | 1.00 | 0.50–3.00 |
|  | they | 2.00 s | 2.00 s–3.00 s | 5.0 |  |  |
`
	if out.String() != want {
		t.Errorf("got\n%swant\n%s", out.String(), want)
	}
}
