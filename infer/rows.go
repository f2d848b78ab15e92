package main

import (
	"encoding/binary"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/sphereface-go/sphereface"
)

// rows writes features in a format.
type rows interface {
	write(e sphereface.Embedded) error
}

func formatNames() []string { return []string{"jsonl", "csv", "npy"} }

// newRows writes what comes before the first of n features of the given size.
func newRows(format string, to io.Writer, n, size int) (rows, error) {
	switch format {
	case "csv":
		return newCSV(to, size)
	case "npy":
		return newNPY(to, n, size)
	default:
		encoder := json.NewEncoder(to)
		encoder.SetEscapeHTML(false)
		return jsonRows{encoder}, nil
	}
}

type jsonRows struct{ encoder *json.Encoder }

func (r jsonRows) write(e sphereface.Embedded) error {
	row := struct {
		Path      string    `json:"path"`
		Embedding []float32 `json:"embedding"`
		Faces     int       `json:"faces,omitempty"`
		Quality   *float64  `json:"quality,omitempty"`
	}{Path: e.Name, Embedding: e.Embedding, Faces: len(e.Faces)}
	if len(e.Faces) > 0 {
		quality := rounded(e.Faces[0].Quality(), 3)
		row.Quality = &quality
	}
	return r.encoder.Encode(row)
}

type csvRows struct {
	writer *csv.Writer
	record []string
}

func newCSV(to io.Writer, size int) (csvRows, error) {
	r := csvRows{csv.NewWriter(to), make([]string, 1+size)}
	r.record[0] = "path"
	for i := range size {
		r.record[1+i] = "e" + strconv.Itoa(i)
	}
	return r, r.flush()
}

func (r csvRows) write(e sphereface.Embedded) error {
	r.record[0] = e.Name
	for i, v := range e.Embedding {
		r.record[1+i] = strconv.FormatFloat(float64(v), 'g', -1, 32) // shortest that reads back the same
	}
	return r.flush()
}

func (r csvRows) flush() error {
	if err := r.writer.Write(r.record); err != nil {
		return err
	}
	r.writer.Flush()
	return r.writer.Error()
}

type npyRows struct{ to io.Writer }

// newNPY writes the header of NumPy's format 1.0 (numpy.lib.format): magic, version,
// length, and a Python literal that is padded so that the data begins at a multiple
// of 64 bytes.
func newNPY(to io.Writer, n, size int) (npyRows, error) {
	header := fmt.Sprintf("{'descr': '<f4', 'fortran_order': False, 'shape': (%d, %d), }", n, size)
	const before = 10
	header += strings.Repeat(" ", 63-(before+len(header))%64) + "\n"
	length := binary.LittleEndian.AppendUint16(nil, uint16(len(header)))
	_, err := io.WriteString(to, "\x93NUMPY\x01\x00"+string(length)+header)
	return npyRows{to}, err
}

func (r npyRows) write(e sphereface.Embedded) error {
	return binary.Write(r.to, binary.LittleEndian, e.Embedding)
}
