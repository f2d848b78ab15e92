package dataset

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/sphereface-go/sphereface/internal/readfile"
)

// listReader reads the lines of one of LFW's lists, fields separated by tabs,
// and names the file and the line in errors.
type listReader struct {
	name    string
	line    int // of the fields that next returned last, from 1
	scanner *bufio.Scanner
}

func newListReader(r io.Reader, name string) *listReader {
	return &listReader{name: name, scanner: bufio.NewScanner(r)}
}

// next returns the fields of the next line, or io.EOF. Blank lines are only
// allowed at the end.
func (l *listReader) next() ([]string, error) {
	if !l.scanner.Scan() {
		return nil, l.end()
	}
	l.line++
	text := strings.TrimSuffix(l.scanner.Text(), "\r")
	if l.line == 1 {
		text = strings.TrimPrefix(text, "\ufeff") // written by some editors
	}
	if strings.TrimSpace(text) == "" {
		blank := l.line
		for l.scanner.Scan() {
			if strings.TrimSpace(l.scanner.Text()) != "" {
				return nil, fmt.Errorf("dataset: %s:%d: blank line; remove it", l.name, blank)
			}
		}
		return nil, l.end()
	}
	return strings.Split(text, "\t"), nil
}

func (l *listReader) end() error {
	if err := l.scanner.Err(); errors.Is(err, bufio.ErrTooLong) {
		return fmt.Errorf("dataset: %s:%d: line longer than %d bytes; this is not a list of LFW's", l.name, l.line+1, bufio.MaxScanTokenSize)
	} else if err != nil {
		return fmt.Errorf("dataset: %s:%d: cannot be read: %w; copy or get the list again", l.name, l.line+1, readfile.Plain(err))
	}
	return io.EOF
}

// errorf returns an error about the line that next returned last.
func (l *listReader) errorf(format string, args ...any) error {
	return fmt.Errorf("dataset: %s:%d: %s", l.name, l.line, fmt.Sprintf(format, args...))
}

// checkName checks a person's name, which is also the name of a folder: a list must
// not lead out of the folder of images. The error says no more than what is wrong.
func checkName(name string) error {
	switch {
	case name == "" || name == "." || name == "..":
		return fmt.Errorf("%q is not a person's name", name)
	case strings.ContainsAny(name, "/\\"):
		return fmt.Errorf("the name %q holds a path separator", name)
	case strings.ContainsFunc(name, func(r rune) bool { return r < ' ' || r == 0x7f }):
		return fmt.Errorf("the name %q holds a control character", name)
	case strings.TrimSpace(name) != name:
		return fmt.Errorf("the name %q starts or ends with a space", name)
	}
	return nil
}

// checkListed is checkName for a name in a line of a list.
func checkListed(name string) error {
	if err := checkName(name); err != nil {
		return fmt.Errorf("%w; correct the line", err)
	}
	return nil
}

// maxCount bounds the numbers of a list, far above any data set's.
const maxCount = 100_000_000

// parseCount reads a positive whole number written with digits alone.
func parseCount(s string) (int, bool) {
	n := 0
	for _, c := range []byte(s) {
		if c < '0' || c > '9' || n > maxCount {
			return 0, false
		}
		n = 10*n + int(c-'0')
	}
	return n, n >= 1 && n <= maxCount
}
