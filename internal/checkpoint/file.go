package checkpoint

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"slices"
	"strings"

	"github.com/sphereface-go/sphereface/internal/atomicfile"
	"github.com/sphereface-go/sphereface/internal/checkpoint/safetensors"
	"github.com/sphereface-go/sphereface/internal/readfile"
)

// momentumPrefix stands before the parameter's name in the name of its
// momentum.
const momentumPrefix = "momentum/"

// Save writes c to path, replacing what was there only when the new file is
// whole and on the disk.
func Save(path string, c *Checkpoint) error {
	f, err := c.encode()
	if err != nil {
		return fmt.Errorf("checkpoint: write %s: %w", path, err)
	}
	err = atomicfile.Write(path, func(w io.Writer) error { return safetensors.Write(w, f) })
	// Which tensor a full disk cut off is nobody's concern.
	if disk, ok := errors.AsType[*fs.PathError](err); ok {
		err = disk
	}
	if err != nil {
		return fmt.Errorf("checkpoint: %w", err)
	}
	return nil
}

func (c *Checkpoint) encode() (safetensors.File, error) {
	m, err := c.metadata()
	if err != nil {
		return safetensors.File{}, err
	}
	f := safetensors.File{Metadata: m}
	for _, p := range c.Params {
		f.Tensors = append(f.Tensors, safetensors.Tensor{Name: p.Name, Shape: p.Shape, Values: p.Value})
	}
	for _, p := range c.Params {
		if p.Momentum != nil {
			f.Tensors = append(f.Tensors, safetensors.Tensor{Name: momentumPrefix + p.Name, Shape: p.Shape, Values: p.Momentum})
		}
	}
	return f, nil
}

// Load reads the checkpoint at path. Whether it belongs to a network is for
// [Checkpoint.Match] to say.
func Load(path string) (*Checkpoint, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, unreadable(path, err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, unreadable(path, err)
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("checkpoint: %s: is no file; name a checkpoint file or a run directory", path)
	}
	c, err := read(f, info.Size())
	if foreign := (*foreignError)(nil); errors.As(err, &foreign) {
		return nil, fmt.Errorf("checkpoint: %s: %w", path, err)
	} else if err != nil {
		return nil, fmt.Errorf("checkpoint: %s: %w; the file is damaged: copy it again, or put another checkpoint of its run in its place", path, err)
	}
	return c, nil
}

// foreignError says that a file is not damaged but none that this program reads.
type foreignError struct{ text string }

func (e *foreignError) Error() string { return e.text }

// unreadable says that path cannot be read and what to do.
func unreadable(path string, err error) error {
	remedy := "check the disk"
	switch {
	case errors.Is(err, fs.ErrNotExist):
		remedy = "check the path"
	case errors.Is(err, fs.ErrPermission):
		remedy = "allow reading it"
	}
	return fmt.Errorf("checkpoint: %s: cannot be read: %w; %s", path, readfile.Plain(err), remedy)
}

func read(r io.Reader, length int64) (*Checkpoint, error) {
	f, err := safetensors.Read(r, length)
	if err != nil {
		return nil, err
	}
	c := &Checkpoint{}
	if err := c.readMetadata(f.Metadata); err != nil {
		return nil, err
	}
	at := map[string]int{}
	for _, t := range f.Tensors {
		if !strings.HasPrefix(t.Name, momentumPrefix) {
			at[t.Name] = len(c.Params)
			c.Params = append(c.Params, Param{Name: t.Name, Shape: t.Shape, Value: t.Values})
		}
	}
	if len(c.Params) == 0 {
		return nil, errors.New("holds no weights")
	}
	momenta := 0
	for _, t := range f.Tensors {
		name, ok := strings.CutPrefix(t.Name, momentumPrefix)
		if !ok {
			continue
		}
		i, ok := at[name]
		if !ok {
			return nil, fmt.Errorf("tensor %s: there is no tensor %s that it could be the momentum of", t.Name, name)
		}
		if !slices.Equal(t.Shape, c.Params[i].Shape) {
			return nil, fmt.Errorf("tensor %s has the shape %v, tensor %s %v", t.Name, t.Shape, name, c.Params[i].Shape)
		}
		c.Params[i].Momentum = t.Values
		momenta++
	}
	if momenta != 0 && momenta != len(c.Params) {
		return nil, fmt.Errorf("%d of %d tensors have a momentum; all or none must", momenta, len(c.Params))
	}
	return c, nil
}
