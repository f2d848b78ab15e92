package ort

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"sync"
)

// LibraryVariable is the environment variable that names ONNX Runtime's shared
// library, or the directory that holds it.
const LibraryVariable = "ONNXRUNTIME_LIB"

// MaxThreads bounds Options.Threads.
const MaxThreads = 1024

// Options says how to open a model. The zero value takes the library that the
// search finds and as many threads as the machine has cores.
type Options struct {
	Library string // file or directory of ONNX Runtime's shared library; "" searches
	Threads int    // that one Run computes with; 0 = all cores
}

// LibraryError says that there is no ONNX Runtime to compute with: what was tried,
// and what to do. No model is to blame.
type LibraryError struct{ err error }

func (e *LibraryError) Error() string { return e.err.Error() }

// Unwrap gives the cause.
func (e *LibraryError) Unwrap() error { return e.err }

// ErrClosed is the error of a run after Close.
var ErrClosed = errors.New("ort: the session is closed")

// A Port is an input or an output of a model.
type Port struct {
	Name  string
	Type  string  // element type: float32, float16, uint8, int64, …
	Shape []int64 // -1 for a dynamic dimension
}

// A Tensor is the value of an output after a run.
type Tensor struct {
	Name  string
	Shape []int64
	Data  []float32 // row-major
}

// A Session is a model that is ready to run. Its methods may be called from
// several goroutines at once.
type Session struct {
	inputs, outputs []Port
	metadata        map[string]string

	lock   sync.RWMutex // held for reading by Run, for writing by Close
	engine *engine      // nil after Close
}

// Open loads the model in a file. An error names the file, or is a [*LibraryError].
func Open(path string, o Options) (*Session, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return nil, fmt.Errorf("ort: %s: no such file; check the path", path)
	case err != nil:
		return nil, fmt.Errorf("ort: %w; check the path", err)
	case info.IsDir():
		return nil, fmt.Errorf("ort: %s is a directory; give the .onnx file in it", path)
	case !info.Mode().IsRegular():
		return nil, fmt.Errorf("ort: %s is no regular file; give an .onnx file", path)
	case info.Size() == 0:
		return nil, fmt.Errorf("ort: %s is empty (0 bytes); export the model again", path)
	}
	return open(source{path: path}, o)
}

// OpenBytes loads a model from memory.
func OpenBytes(model []byte, o Options) (*Session, error) {
	if len(model) == 0 {
		return nil, errors.New("ort: the model is empty (0 bytes); export it again")
	}
	return open(source{bytes: model}, o)
}

// source is where a model comes from: a file, or memory if path is "".
type source struct {
	path  string
	bytes []byte
}

func (s source) String() string {
	if s.path == "" {
		return "the model"
	}
	return s.path
}

func open(from source, o Options) (*Session, error) {
	if o.Threads < 0 || o.Threads > MaxThreads {
		return nil, fmt.Errorf("ort: %d threads: give 0 for all cores, or up to %d", o.Threads, MaxThreads)
	}
	s := &Session{}
	if err := s.start(from, o); err != nil {
		return nil, err
	}
	return s, nil
}

// Inputs returns the inputs in the model's order.
func (s *Session) Inputs() []Port { return slices.Clone(s.inputs) }

// Outputs returns the outputs in the model's order.
func (s *Session) Outputs() []Port { return slices.Clone(s.outputs) }

// Metadata returns the model's metadata properties.
func (s *Session) Metadata() map[string]string { return maps.Clone(s.metadata) }

// Run computes every output for n items in x, which holds them one after the
// other in the shape of the model's single float32 input. A model whose first
// dimension is fixed runs as often as that needs, the last time filled up with
// zeros, so that the result is the same as that of one with a dynamic dimension.
// The outputs' first dimension is n. Their data is the caller's to keep.
func (s *Session) Run(x []float32, n int) ([]Tensor, error) {
	s.lock.RLock()
	defer s.lock.RUnlock()
	if s.engine == nil {
		return nil, ErrClosed
	}
	item, fixed, err := s.item()
	if err != nil {
		return nil, err
	}
	if n < 1 || len(x) != n*item {
		return nil, fmt.Errorf("ort: %d values for %d items of input %q, want %d for each of at least one", len(x), n, s.inputs[0].Name, item)
	}
	if fixed == 0 || fixed == n {
		return s.engine.run(x, s.shape(n))
	}
	return s.runInParts(x, n, item, fixed)
}

// maxValues bounds the input of one run, 1 GiB: a small file may declare any size.
const maxValues = 1 << 28

// item returns the number of values of one item of the input, and how many items
// the model takes at a time (0 for any number).
func (s *Session) item() (size, fixed int, err error) {
	if len(s.inputs) != 1 || s.inputs[0].Type != "float32" || len(s.inputs[0].Shape) == 0 {
		return 0, 0, fmt.Errorf("ort: the model takes %s; want a single tensor of float32: give another model", describe(s.inputs))
	}
	size = 1
	for _, d := range s.inputs[0].Shape[1:] {
		if d < 1 {
			return 0, 0, fmt.Errorf("ort: the model takes %s; want a fixed size of an item: give another model", describe(s.inputs))
		}
		if d > maxValues/int64(size) {
			return 0, 0, fmt.Errorf("ort: the model takes %s, an item of more than %d values: give another model", describe(s.inputs), maxValues)
		}
		size *= int(d)
	}
	batch := max(0, s.inputs[0].Shape[0])
	if batch > maxValues/int64(size) {
		return 0, 0, fmt.Errorf("ort: the model takes %s, more than %d values at a time: give another model", describe(s.inputs), maxValues)
	}
	return size, int(batch), nil
}

func (s *Session) shape(n int) []int64 {
	shape := slices.Clone(s.inputs[0].Shape)
	shape[0] = int64(n)
	return shape
}

// runInParts serves a model with a fixed batch dimension.
func (s *Session) runInParts(x []float32, n, item, fixed int) ([]Tensor, error) {
	var whole []Tensor
	part := make([]float32, fixed*item)
	for first := 0; first < n; first += fixed {
		clear(part[copy(part, x[first*item:]):])
		outputs, err := s.engine.run(part, s.shape(fixed))
		if err != nil {
			return nil, err
		}
		if whole == nil {
			whole = make([]Tensor, len(outputs))
		}
		for i, t := range outputs {
			if len(t.Shape) == 0 || t.Shape[0] != int64(fixed) {
				return nil, fmt.Errorf("ort: output %q has the shape %v for %d items: its first dimension is not the batch: give another model", t.Name, t.Shape, fixed)
			}
			each := len(t.Data) / fixed
			t.Data = append(whole[i].Data, t.Data[:min(fixed, n-first)*each]...)
			t.Shape[0] = int64(n)
			whole[i] = t
		}
	}
	return whole, nil
}

// Close frees the model once the runs that are under way are done. Closing twice
// is harmless.
func (s *Session) Close() error {
	s.lock.Lock()
	defer s.lock.Unlock()
	if s.engine == nil {
		return nil
	}
	e := s.engine
	s.engine = nil
	return e.close()
}
