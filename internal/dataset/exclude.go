package dataset

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"
)

// ReadNames reads a list of people to leave out, such as those who are also in the
// pairs of a test: a name a line, as the person's folder is called. Empty lines and
// those that begin with # are passed over.
func ReadNames(path string) ([]string, error) {
	f, err := openList(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return ParseNames(f, path)
}

// ParseNames reads a list of people; see ReadNames. The name of the list stands in
// errors, with the line.
func ParseNames(r io.Reader, list string) ([]string, error) {
	var names []string
	lines := bufio.NewScanner(r)
	n := 0
	for lines.Scan() {
		n++
		name := lines.Text()
		if n == 1 {
			name = strings.TrimPrefix(name, "\ufeff") // written by some editors
		}
		name = strings.TrimSpace(name)
		if name == "" || strings.HasPrefix(name, "#") {
			continue
		}
		if err := checkListed(name); err != nil {
			return nil, fmt.Errorf("dataset: %s:%d: %w", list, n, err)
		}
		names = append(names, name)
	}
	if err := lines.Err(); errors.Is(err, bufio.ErrTooLong) {
		return nil, fmt.Errorf("dataset: %s:%d: a line too long for a name; give a list with a name a line", list, n+1)
	} else if err != nil {
		return nil, fmt.Errorf("dataset: %s: %w", list, err)
	}
	return names, nil
}

// Without returns the set without the people of the given names, and how many of them
// it had. It may be empty.
func (s *Set) Without(names []string) (*Set, int, error) {
	out := make(map[string]bool, len(names))
	for _, name := range names {
		out[name] = true
	}
	kept, err := s.filter(func(i int) bool { return !out[s.People[s.Images[i].Person]] })
	if err != nil {
		return nil, 0, err
	}
	return kept, len(s.People) - len(kept.People), nil
}
