package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
)

// printTable writes the outcomes in Markdown, ready for docs/benchmarks.md.
func printTable(w io.Writer, outcomes []outcome) error {
	rows := [][]string{
		{"", "side", "median", "min–max", "images/s", "ratio", "min–max"},
		{"---", "---", "---", "---", "---", "---", "---"},
	}
	for _, o := range outcomes {
		r := ratios(o.oursTook, o.theirsTook)
		rows = append(
			rows,
			append([]string{o.title}, o.cells(o.ours.name, o.oursTook, fmt.Sprintf("%.2f", median(r)), span(r, func(v float64) string { return fmt.Sprintf("%.2f", v) }))...),
			append([]string{""}, o.cells(o.theirs.name, o.theirsTook, "", "")...),
		)
	}
	for _, row := range rows {
		if _, err := fmt.Fprintf(w, "| %s |\n", strings.Join(row, " | ")); err != nil {
			return err
		}
	}
	return nil
}

// cells are a row's from the second column on.
func (o outcome) cells(name string, took []float64, ratio, ratioSpan string) []string {
	m := median(took)
	return []string{name, duration(m), span(took, duration), rateOf(float64(o.images) / m), ratio, ratioSpan}
}

// span is the least and the greatest of values, which are not empty.
func span(values []float64, format func(float64) string) string {
	return format(slices.Min(values)) + "–" + format(slices.Max(values))
}

// duration has three digits or more: 1.23 s, 56.7 ms.
func duration(seconds float64) string {
	switch {
	case seconds >= 1:
		return fmt.Sprintf("%.2f s", seconds)
	case seconds >= 0.1:
		return fmt.Sprintf("%.0f ms", 1000*seconds)
	case seconds >= 0.01:
		return fmt.Sprintf("%.1f ms", 1000*seconds)
	}
	return fmt.Sprintf("%.2f ms", 1000*seconds)
}

// rateOf is images a second.
func rateOf(v float64) string {
	if v >= 100 {
		return fmt.Sprintf("%.0f", v)
	}
	return fmt.Sprintf("%.1f", v)
}
