package report

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// ParseMetrics reads metrics; name stands for the file in errors. The header has
// exactly the names of Columns; epochs and steps grow from row to row.
func ParseMetrics(r io.Reader, name string) ([]Row, error) {
	c := csv.NewReader(r)
	c.FieldsPerRecord = -1 // counted here, for a better message
	c.ReuseRecord = true
	header, err := c.Read()
	if err == io.EOF {
		return nil, fmt.Errorf("report: %s is empty: no header", name)
	}
	if err != nil {
		return nil, malformed(name, err)
	}
	if want := Columns(); !slices.Equal(header, want) {
		return nil, fmt.Errorf("report: %s:1: the header is not that of a metrics file: want %s", name, strings.Join(want, ","))
	}
	var rows []Row
	for {
		record, err := c.Read()
		if err == io.EOF {
			return rows, nil
		}
		if err != nil {
			return nil, malformed(name, err)
		}
		at, _ := c.FieldPos(0)
		row, err := parseRow(record)
		if err == nil {
			err = follows(rows, row)
		}
		if err != nil {
			return nil, fmt.Errorf("report: %s:%d: %w", name, at, err)
		}
		rows = append(rows, row)
	}
}

func malformed(name string, err error) error {
	var p *csv.ParseError
	if errors.As(err, &p) {
		return fmt.Errorf("report: %s:%d: %w", name, p.Line, p.Err)
	}
	return fmt.Errorf("report: %s: %w", name, err)
}
