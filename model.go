package sphereface

import (
	"errors"
	"fmt"
	"os"
	"runtime"

	"github.com/sphereface-go/sphereface/internal/face"
	"github.com/sphereface-go/sphereface/internal/onnx"
	"github.com/sphereface-go/sphereface/internal/ort"
)

// ErrClosed is the error of using a model that is closed.
var ErrClosed = errors.New("sphereface: the model is closed")

// Options say how to open a model. The zero value is right for a model that export
// wrote, where ONNX Runtime is installed.
type Options struct {
	// Library is the file or directory of ONNX Runtime's shared library, 1.24 or
	// newer. If it is "", the environment variable ONNXRUNTIME_LIB names it, or else
	// it is looked for beside the program and in the system's library path. A process
	// can load only one.
	Library string
	// Threads is how many to compute with, and how many photos to read at once, up to
	// 1024; 0 stands for all cores.
	Threads int
	// Metadata supplies what the model's own metadata lacks, or replaces what it says:
	// "threshold", "mirror", "alignment" and the other keys of docs/onnx.md.
	Metadata map[string]string
	// AssumeSphereFace takes this project's own values for all that neither the model
	// nor Metadata says, but for the threshold: for models of other makers.
	AssumeSphereFace bool
	// NeedThreshold makes opening fail for a model without a threshold, so that a
	// program that compares finds out at the start; see [ErrNoThreshold].
	NeedThreshold bool
	// Limits bound what EmbedFiles reads.
	Limits Limits
}

// Model is an .onnx file that is ready to compute embeddings. Its methods may be
// called from several goroutines at once.
type Model struct {
	name     string // for errors: the path, or "the model"
	data     func() ([]byte, error)
	contract onnx.Contract
	limits   Limits
	workers  int // photos read at once
	session  *ort.Session
	output   int // index of the embedding among the session's outputs
	values   int // that the network gives for one view of a crop
}

// Open loads the model in a file and makes sure that this package can do what its
// metadata asks for. The error names the file and what is missing or wrong. The
// caller closes the model.
func Open(path string, o Options) (*Model, error) {
	m := &Model{name: path, data: func() ([]byte, error) { return os.ReadFile(path) }}
	if err := m.open(o, func(r ort.Options) (*ort.Session, error) { return ort.Open(path, r) }); err != nil {
		return nil, err
	}
	return m, nil
}

// OpenBytes is Open for a model in memory, such as one that is embedded in a program.
func OpenBytes(model []byte, o Options) (*Model, error) {
	m := &Model{name: "the model", data: func() ([]byte, error) { return model, nil }}
	if err := m.open(o, func(r ort.Options) (*ort.Session, error) { return ort.OpenBytes(model, r) }); err != nil {
		return nil, err
	}
	return m, nil
}

func (m *Model) open(o Options, start func(ort.Options) (*ort.Session, error)) error {
	if o.Threads < 0 || o.Threads > ort.MaxThreads {
		return fmt.Errorf("sphereface: %d threads: give 0 for all cores, or up to %d", o.Threads, ort.MaxThreads)
	}
	if err := o.Limits.validate(); err != nil {
		return err
	}
	m.limits, m.workers = o.Limits, o.Threads
	if m.limits.Memory == nil {
		m.limits.Memory = NewMemory(face.DefaultMemory)
	}
	if m.workers == 0 {
		m.workers = runtime.GOMAXPROCS(0)
	}
	var err error
	if m.session, err = start(ort.Options{Library: o.Library, Threads: o.Threads}); err != nil {
		return m.diagnose(err)
	}
	if m.contract, err = readContract(m.session.Metadata(), o); err == nil {
		if err = supported(m.contract); err == nil {
			err = m.checkShapes()
		}
	}
	if err != nil {
		return errors.Join(fmt.Errorf("sphereface: %s: %w", m.name, err), m.session.Close())
	}
	return nil
}

// diagnose says what is wrong with a model that ONNX Runtime does not load or run:
// our own reader tells damage apart, and knows what our own models hold.
func (m *Model) diagnose(err error) error {
	if _, ok := errors.AsType[*ort.LibraryError](err); ok {
		return err
	}
	data, readErr := m.data()
	if readErr != nil || len(data) == 0 {
		return err
	}
	model, decodeErr := onnx.Decode(data)
	if decodeErr != nil {
		return fmt.Errorf("sphereface: %s: %w", m.name, decodeErr)
	}
	if _, ours := onnx.Metadata(model)["contract"]; ours {
		if checkErr := onnx.Check(model); checkErr != nil {
			return fmt.Errorf("sphereface: %s: %w: export the model again", m.name, checkErr)
		}
	}
	return err
}

// Close frees the model. It waits for computations that are under way; later ones
// give [ErrClosed]. Closing twice is harmless.
func (m *Model) Close() error { return m.session.Close() }

// Alignment is the way from an image to its crops that the model was trained with:
// AlignDetect or AlignFixed.
func (m *Model) Alignment() Alignment { return Alignment(m.contract.Alignment) }

// Size is the number of elements of an embedding.
func (m *Model) Size() int { return m.views() * m.values }

// views is the number of times that the network sees each crop: once more in the
// mirror if the contract says so.
func (m *Model) views() int {
	if m.contract.Mirror {
		return 2
	}
	return 1
}

// TrainingData says in words what the network learned from. It is "" if the model does
// not say.
func (m *Model) TrainingData() string { return m.contract.TrainingData }

// Threshold is the least similarity of two embeddings of the same person. ok is false
// if the model has none.
func (m *Model) Threshold() (value float64, ok bool) {
	if m.contract.Threshold == nil {
		return 0, false
	}
	return m.contract.Threshold.Value, true
}
