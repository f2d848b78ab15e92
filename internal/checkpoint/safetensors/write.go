package safetensors

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"math"
)

type entry struct {
	Dtype   string `json:"dtype"`
	Shape   []int  `json:"shape"`
	Offsets []int  `json:"data_offsets"`
}

// Write writes f to w. The same content gives the same bytes: tensors stand in
// their order, metadata in alphabetical order.
func Write(w io.Writer, f File) error {
	header, err := encodeHeader(f)
	if err != nil {
		return err
	}
	var length [8]byte
	binary.LittleEndian.PutUint64(length[:], uint64(len(header)))
	if _, err := w.Write(length[:]); err != nil {
		return fmt.Errorf("safetensors: write header: %w", err)
	}
	if _, err := w.Write(header); err != nil {
		return fmt.Errorf("safetensors: write header: %w", err)
	}
	buf := make([]byte, 0, 1<<16)
	for _, t := range f.Tensors {
		for from := 0; from < len(t.Values); from += cap(buf) / itemSize {
			to := min(from+cap(buf)/itemSize, len(t.Values))
			buf = buf[:0]
			for _, v := range t.Values[from:to] {
				buf = binary.LittleEndian.AppendUint32(buf, math.Float32bits(v))
			}
			if _, err := w.Write(buf); err != nil {
				return fmt.Errorf("safetensors: write tensor %s: %w", t.Name, err)
			}
		}
	}
	return nil
}

// encodeHeader writes the entries by hand because encoding/json would sort
// them by name, and a reader expects them in the order of the values.
func encodeHeader(f File) ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	put := func(key string, value any) error {
		if b.Len() > 1 {
			b.WriteByte(',')
		}
		k, err := json.Marshal(key)
		if err != nil {
			return err
		}
		v, err := json.Marshal(value)
		if err != nil {
			return err
		}
		b.Write(k)
		b.WriteByte(':')
		b.Write(v)
		return nil
	}
	if len(f.Metadata) > 0 {
		if err := put(metadataKey, f.Metadata); err != nil {
			return nil, fmt.Errorf("safetensors: metadata: %w", err)
		}
	}
	offset := 0
	seen := map[string]bool{metadataKey: true}
	for _, t := range f.Tensors {
		if seen[t.Name] {
			return nil, fmt.Errorf("safetensors: tensor name %q is taken", t.Name)
		}
		seen[t.Name] = true
		if n, ok := size(t.Shape); !ok || n != len(t.Values) {
			return nil, fmt.Errorf("safetensors: tensor %s: %d values do not fill the shape %v", t.Name, len(t.Values), t.Shape)
		}
		shape := t.Shape
		if shape == nil {
			shape = []int{} // a scalar
		}
		end := offset + itemSize*len(t.Values)
		if err := put(t.Name, entry{dtype, shape, []int{offset, end}}); err != nil {
			return nil, fmt.Errorf("safetensors: tensor %s: %w", t.Name, err)
		}
		offset = end
	}
	b.WriteByte('}')
	for (8+b.Len())%align != 0 {
		b.WriteByte(' ') // the only padding that the format allows
	}
	if b.Len() > maxHeader {
		return nil, fmt.Errorf("safetensors: a header of %d bytes is too long", b.Len())
	}
	return b.Bytes(), nil
}
