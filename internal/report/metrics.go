package report

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/sphereface-go/sphereface/internal/atomicfile"
	"github.com/sphereface-go/sphereface/internal/readfile"
)

// maxMetrics bounds the table's bytes: those of a million epochs, the most that a config
// may ask for.
const maxMetrics = 1 << 28

// Metrics appends rows to a CSV file with a header. Each row is on the disk when
// Append returns.
type Metrics struct {
	file *os.File
	path string
	size int64 // of the complete rows
	rows []Row
}

// createMetrics starts a new file. It does not overwrite one.
func createMetrics(path string) (*Metrics, error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, os.ErrExist) {
		return nil, fmt.Errorf("report: %s exists: resume its run, or choose another run directory", path)
	}
	if err != nil {
		return nil, fmt.Errorf("report: cannot create the metrics: %w", err)
	}
	m := &Metrics{file: f, path: path}
	if err := m.write(strings.Join(Columns(), ",") + "\n"); err != nil {
		_ = f.Close()
		_ = os.Remove(path)
		return nil, err
	}
	return m, nil
}

// ResumeMetrics goes on with the file of a run that is resumed with so many epochs
// done: rows of later ones, which the resumed run will write again, are dropped, as is
// a last line that was cut short. A file that does not exist is started.
func ResumeMetrics(path string, epochs int) (*Metrics, error) {
	data, err := readfile.AtMost(path, maxMetrics)
	if errors.Is(err, os.ErrNotExist) {
		return createMetrics(path)
	}
	if err != nil {
		return nil, fmt.Errorf("report: cannot read the metrics: %w", err)
	}
	whole := string(data[:1+strings.LastIndexByte(string(data), '\n')])
	switch header := strings.Join(Columns(), ",") + "\n"; {
	case strings.HasPrefix(header, string(data)): // it was cut short itself
		whole = header
	case whole == "":
		whole = string(data)
	}
	rows, err := ParseMetrics(strings.NewReader(whole), path)
	if err != nil {
		return nil, fmt.Errorf("%w; bring the file back; or move it away, and the table begins anew", err)
	}
	rows = slices.DeleteFunc(rows, func(r Row) bool { return r.Epoch > epochs })
	err = atomicfile.Write(path, func(w io.Writer) error { return writeMetrics(w, rows) })
	if err != nil {
		return nil, fmt.Errorf("report: %w", err)
	}
	f, err := os.OpenFile(path, os.O_WRONLY, 0o644)
	if err != nil {
		return nil, fmt.Errorf("report: cannot open the metrics: %w", err)
	}
	size, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		_ = f.Close()
		return nil, fmt.Errorf("report: %s: %w", path, err)
	}
	return &Metrics{file: f, path: path, size: size, rows: rows}, nil
}

// Append adds a row. Its epoch and step are above those of the row before. After
// an error the file ends with the row before.
func (m *Metrics) Append(r Row) error {
	if err := follows(m.rows, r); err != nil {
		return fmt.Errorf("report: %s: new row: %w", m.path, err)
	}
	if err := m.write(line(r)); err != nil {
		return err
	}
	m.rows = append(m.rows, r)
	return nil
}

// Rows are the rows of the file, those of before resuming included.
func (m *Metrics) Rows() []Row { return slices.Clone(m.rows) }

// Close closes the file.
func (m *Metrics) Close() error {
	if err := m.file.Close(); err != nil {
		return fmt.Errorf("report: %s: %w", m.path, err)
	}
	return nil
}

// write adds text at the end, in one piece or not at all.
func (m *Metrics) write(text string) error {
	_, err := m.file.WriteAt([]byte(text), m.size)
	if err == nil {
		err = m.file.Sync()
	}
	if err != nil {
		_ = m.file.Truncate(m.size)
		return fmt.Errorf("report: cannot write %s: %w", m.path, err)
	}
	m.size += int64(len(text))
	return nil
}

// writeMetrics writes a header and the rows.
func writeMetrics(w io.Writer, rows []Row) error {
	var b strings.Builder
	b.WriteString(strings.Join(Columns(), ",") + "\n")
	for _, r := range rows {
		b.WriteString(line(r))
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// line is a row of the file. Numbers need no quoting.
func line(r Row) string {
	return strings.Join(r.record(), ",") + "\n"
}

// follows checks a row by itself and against the last of those before it.
func follows(rows []Row, r Row) error {
	if err := r.check(); err != nil {
		return err
	}
	if len(rows) == 0 {
		return nil
	}
	last := rows[len(rows)-1]
	if r.Epoch <= last.Epoch {
		return fmt.Errorf("epoch: %d does not come after %d", r.Epoch, last.Epoch)
	}
	if r.Step <= last.Step {
		return fmt.Errorf("step: %d does not come after %d", r.Step, last.Step)
	}
	return nil
}
