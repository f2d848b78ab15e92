package safetensors

import (
	"bytes"
	"encoding/binary"
	"math"
	"reflect"
	"strings"
	"testing"
)

func example() File {
	return File{
		Metadata: map[string]string{"step": "7", "config": "a: \"b\"\nc: é\n"},
		Tensors: []Tensor{
			{"z", []int{2, 3}, []float32{1, -2, 3.5, 0, float32(math.Inf(1)), math.SmallestNonzeroFloat32}},
			{"a", []int{}, []float32{42}},
			{"empty", []int{0, 4}, []float32{}},
			{"long", []int{40000}, ramp(40000)}, // more than a buffer
		},
	}
}

func ramp(n int) []float32 {
	v := make([]float32, n)
	for i := range v {
		v[i] = float32(i)
	}
	return v
}

func encode(t testing.TB, f File) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, f); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestRoundTrip(t *testing.T) {
	want := example()
	data := encode(t, want)
	got, err := Read(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(got, want) {
		t.Errorf("got %v", got)
	}
	if again := encode(t, got); !bytes.Equal(again, data) {
		t.Error("writing what was read gives other bytes")
	}
}

// TestLayout checks the bytes against the format's own description.
func TestLayout(t *testing.T) {
	data := encode(t, File{
		Metadata: map[string]string{"k": "v"},
		Tensors:  []Tensor{{"w", []int{1, 2}, []float32{1, 2}}},
	})
	header := `{"__metadata__":{"k":"v"},"w":{"dtype":"F32","shape":[1,2],"data_offsets":[0,8]}}`
	for len(header)%8 != 0 {
		header += " "
	}
	want := binary.LittleEndian.AppendUint64(nil, uint64(len(header)))
	want = append(want, header...)
	want = append(want, 0, 0, 0x80, 0x3f, 0, 0, 0, 0x40)
	if !bytes.Equal(data, want) {
		t.Errorf("got  %q\nwant %q", data, want)
	}
}

func TestWriteErrors(t *testing.T) {
	for _, tc := range []struct {
		tensors []Tensor
		want    string
	}{
		{[]Tensor{{"w", []int{3}, []float32{1}}}, "tensor w: 1 values do not fill the shape [3]"},
		{[]Tensor{{"w", []int{1}, []float32{1}}, {"w", []int{1}, []float32{1}}}, `tensor name "w" is taken`},
		{[]Tensor{{"__metadata__", []int{1}, []float32{1}}}, `tensor name "__metadata__" is taken`},
	} {
		if err := Write(&bytes.Buffer{}, File{Tensors: tc.tensors}); err == nil || !strings.Contains(err.Error(), tc.want) {
			t.Errorf("got %v, want %s", err, tc.want)
		}
	}
}

func raw(header string, values int) []byte {
	b := binary.LittleEndian.AppendUint64(nil, uint64(len(header)))
	return append(append(b, header...), make([]byte, values)...)
}

func TestReadErrors(t *testing.T) {
	whole := encode(t, example())
	for _, tc := range []struct {
		name string
		data []byte
		want string
	}{
		{"empty", nil, "cut short: it ends within the header length"},
		{"cut in the length", whole[:5], "cut short: it ends within the header length"},
		{"cut in the header", whole[:60], "cut short: the header alone is"},
		{"cut in the values", whole[:len(whole)-3], "cut short: 3 bytes of"},
		{"too long", append(bytes.Clone(whole), 0), "1 bytes at the end belong to no tensor"},
		{"a picture", []byte("\x89PNG\r\n\x1a\n0000000000"), "not a safetensors file"},
		{"no object", raw(`[]`, 0), "not a safetensors file: the header is no JSON object"},
		{"bad JSON", raw(`{"w":`, 0), "not valid JSON"},
		{"twice", raw(`{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"w":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}`, 8), `"w" stands there twice`},
		{"dtype", raw(`{"w":{"dtype":"F64","shape":[1],"data_offsets":[0,8]}}`, 8), `tensor "w": its values are "F64"; only F32`},
		{"no dtype", raw(`{"w":{"shape":[1],"data_offsets":[0,4]}}`, 4), `tensor "w": its values are ""`},
		{"no shape", raw(`{"w":{"dtype":"F32","data_offsets":[0,4]}}`, 4), `tensor "w": has no shape`},
		{"negative", raw(`{"w":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}`, 4), `tensor "w": impossible shape [-1]`},
		{"huge", raw(`{"w":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,4]}}`, 4), `tensor "w": impossible shape`},
		{"length", raw(`{"w":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}`, 4), `tensor "w": has 4 bytes of values; its shape [2] needs 8`},
		{"backwards", raw(`{"w":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}`, 4), `tensor "w": data_offsets [4 0] are no range`},
		{"one offset", raw(`{"w":{"dtype":"F32","shape":[1],"data_offsets":[4]}}`, 4), `tensor "w": data_offsets [4] are no range`},
		{"overlap", raw(`{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}}`, 12), `tensor "b" overlaps tensor "a"`},
		{"hole", raw(`{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}}`, 12), `4 bytes before tensor "b" belong to no tensor`},
		{"unknown field", raw(`{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"x":1}}`, 4), `tensor "w": header entry`},
		{"field in other letters", raw(`{"w":{"DTYPE":"F32","shape":[1],"data_offsets":[0,4]}}`, 4), `tensor "w": header entry: unknown field "DTYPE"`},
		{"field twice", raw(`{"w":{"dtype":"F32","shape":[1],"shape":[1],"data_offsets":[0,4]}}`, 4), `tensor "w": header entry: "shape" stands there twice`},
		{"metadata twice", raw(`{"__metadata__":{"a":"1","a":"2"}}`, 0), `metadata: must be pairs of text: "a" stands there twice`},
		{"metadata", raw(`{"__metadata__":{"a":1}}`, 0), "metadata: must be pairs of text"},
		{"after", raw(`{} {}`, 0), "bytes after the JSON object"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := Read(bytes.NewReader(tc.data), int64(len(tc.data)))
			if err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v, want %s", err, tc.want)
			}
		})
	}
}

func FuzzRead(f *testing.F) {
	small := example()
	small.Tensors = small.Tensors[:3]
	f.Add(encode(f, small))
	f.Add(raw(`{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}`, 4))
	f.Add(raw(`{"__metadata__":{"a":"b"}}`, 0))
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := Read(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			return
		}
		again := encode(t, file)
		back, err := Read(bytes.NewReader(again), int64(len(again)))
		if err != nil {
			t.Fatalf("cannot read what was written: %v", err)
		}
		if !bytes.Equal(encode(t, back), again) {
			t.Fatal("other bytes")
		}
	})
}
