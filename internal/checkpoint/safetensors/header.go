package safetensors

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
)

type header struct {
	metadata map[string]string
	tensors  []headerTensor // in the order of their values
	end      int64          // bytes of all values
}

type headerTensor struct {
	name       string
	shape      []int
	count      int
	begin, end int64
}

// decodeHeader reads the JSON token by token where encoding/json would
// silently accept a name given twice.
func decodeHeader(raw []byte) (header, error) {
	if len(raw) == 0 || raw[0] != '{' {
		return header{}, errors.New("not a safetensors file: the header is no JSON object")
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	if _, err := dec.Token(); err != nil {
		return header{}, badJSON(err)
	}
	var h header
	seen := map[string]bool{}
	for dec.More() {
		token, err := dec.Token()
		if err != nil {
			return header{}, badJSON(err)
		}
		name, ok := token.(string)
		if !ok {
			return header{}, fmt.Errorf("header: %v is no name", token)
		}
		if seen[name] {
			return header{}, fmt.Errorf("header: %q stands there twice", name)
		}
		seen[name] = true
		if name == metadataKey {
			if err := decodeStrict(dec, &h.metadata); err != nil {
				return header{}, fmt.Errorf("header: metadata: must be pairs of text: %w", err)
			}
			continue
		}
		t, err := decodeEntry(dec, name)
		if err != nil {
			return header{}, err
		}
		h.tensors = append(h.tensors, t)
	}
	if _, err := dec.Token(); err != nil {
		return header{}, badJSON(err)
	}
	if rest := bytes.TrimRight(raw[dec.InputOffset():], " "); len(rest) > 0 {
		return header{}, errors.New("header: bytes after the JSON object")
	}
	return h, h.layOut()
}

func decodeEntry(dec *json.Decoder, name string) (headerTensor, error) {
	fail := func(format string, args ...any) (headerTensor, error) {
		return headerTensor{}, fmt.Errorf("tensor %q: %s", name, fmt.Sprintf(format, args...))
	}
	var e entry
	if err := decodeStrict(dec, &e); err != nil {
		return fail("header entry: %v", err)
	}
	if e.Dtype != dtype {
		return fail("its values are %q; only %s (float32) is supported", e.Dtype, dtype)
	}
	if e.Shape == nil {
		return fail("has no shape")
	}
	count, ok := size(e.Shape)
	if !ok {
		return fail("impossible shape %v", e.Shape)
	}
	if len(e.Offsets) != 2 || e.Offsets[0] < 0 || e.Offsets[1] < e.Offsets[0] {
		return fail("data_offsets %v are no range", e.Offsets)
	}
	if e.Offsets[1]-e.Offsets[0] != itemSize*count {
		return fail("has %d bytes of values; its shape %v needs %d", e.Offsets[1]-e.Offsets[0], e.Shape, itemSize*count)
	}
	return headerTensor{name, e.Shape, count, int64(e.Offsets[0]), int64(e.Offsets[1])}, nil
}

// layOut sorts the tensors by their place and refuses overlaps and holes.
func (h *header) layOut() error {
	slices.SortStableFunc(h.tensors, func(a, b headerTensor) int {
		if a.begin != b.begin {
			return int(min(1, max(-1, a.begin-b.begin)))
		}
		return int(min(1, max(-1, a.end-b.end)))
	})
	for i, t := range h.tensors {
		switch {
		case t.begin < h.end:
			return fmt.Errorf("tensor %q overlaps tensor %q", t.name, h.tensors[i-1].name)
		case t.begin > h.end:
			return fmt.Errorf("%d bytes before tensor %q belong to no tensor", t.begin-h.end, t.name)
		}
		h.end = t.end
	}
	return nil
}

// decodeStrict decodes the next value and refuses fields that the format does
// not know, or that stand there twice.
func decodeStrict(dec *json.Decoder, to any) error {
	var raw json.RawMessage
	if err := dec.Decode(&raw); err != nil {
		return badJSON(err)
	}
	if err := checkFields(raw, to); err != nil {
		return err
	}
	d := json.NewDecoder(bytes.NewReader(raw))
	d.DisallowUnknownFields()
	return d.Decode(to)
}

// checkFields refuses what encoding/json lets pass in an object: a field that is there
// twice, and for an entry a name in other letters, as "DTYPE" is.
func checkFields(raw json.RawMessage, to any) error {
	if len(raw) == 0 || raw[0] != '{' {
		return nil // an error of type follows
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	if _, err := dec.Token(); err != nil {
		return badJSON(err)
	}
	_, ofTensor := to.(*entry)
	seen := map[string]bool{}
	for dec.More() {
		token, err := dec.Token()
		if err != nil {
			return badJSON(err)
		}
		name, _ := token.(string)
		switch {
		case seen[name]:
			return fmt.Errorf("%q stands there twice", name)
		case ofTensor && !slices.Contains(entryFields, name):
			return fmt.Errorf("unknown field %q", name)
		}
		seen[name] = true
		var value json.RawMessage
		if err := dec.Decode(&value); err != nil {
			return badJSON(err)
		}
	}
	return nil
}

// entryFields are the names of an entry's fields.
var entryFields = []string{"dtype", "shape", "data_offsets"}

func badJSON(err error) error { return fmt.Errorf("header: not valid JSON: %w", err) }
