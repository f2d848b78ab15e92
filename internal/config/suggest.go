package config

import "strings"

// suggest returns the known word that is closest to a mistyped one, as
// ` (did you mean "x"?)`, or "" if none is close.
func suggest(word string, known []string) string {
	best, bestAt := "", len(word)+1
	for _, k := range known {
		close := max(1, max(len(word), len(k))/3)
		if d := distance(strings.ToLower(word), k); d <= close && d < bestAt {
			best, bestAt = k, d
		}
	}
	if best == "" {
		return ""
	}
	return ` (did you mean "` + best + `"?)`
}

// distance counts the single-character insertions, deletions, substitutions
// and swaps of neighbours between a and b (optimal string alignment).
func distance(a, b string) int {
	d := make([][]int, len(a)+1)
	for i := range d {
		d[i] = make([]int, len(b)+1)
		d[i][0] = i
	}
	for j := range d[0] {
		d[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			d[i][j] = min(d[i-1][j]+1, d[i][j-1]+1, d[i-1][j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d[i][j] = min(d[i][j], d[i-2][j-2]+1)
			}
		}
	}
	return d[len(a)][len(b)]
}
