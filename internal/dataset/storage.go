package dataset

import (
	"sync"

	"github.com/sphereface-go/sphereface/internal/face"
)

// storage keeps the batches of one epoch for the next: made anew, 16 MB each for
// 128 images, they would add up until the next collection, which comes late
// because a step of training leaves nothing to collect.
type storage struct {
	mu   sync.Mutex
	free []Batch
}

// take returns n batches of size images, whose content is of no meaning.
func (s *storage) take(n, size int) []Batch {
	s.mu.Lock()
	defer s.mu.Unlock()
	kept := min(n, len(s.free))
	batches := append([]Batch(nil), s.free[len(s.free)-kept:]...)
	s.free = s.free[:len(s.free)-kept]
	for len(batches) < n {
		batches = append(batches, Batch{X: make([]float32, size*face.CropSize), Labels: make([]int32, size), N: size})
	}
	return batches
}

// give returns what take gave, once nobody uses it.
func (s *storage) give(batches []Batch) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.free = append(s.free, batches...)
}
