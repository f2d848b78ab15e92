package dataset

import (
	"context"
	"fmt"
	"iter"
	"math/rand/v2"
	"runtime"
	"sync"

	"github.com/sphereface-go/sphereface/internal/augment"
)

// LoaderOptions says how a set becomes batches.
type LoaderOptions struct {
	BatchSize int             // images a batch
	Seed      uint64          // of the order and of the augmentation
	Augment   augment.Options // how much the images vary
	Workers   int             // batches prepared at the same time; 0: one a core, at most 4
}

// Batch is the input of one training step.
type Batch struct {
	Index  int       // in the epoch, from 0
	N      int       // images
	X      []float32 // N × 3 × 112 × 96, values (v − 127.5) / 128
	Labels []int32   // N, indices into Set.People
}

// Loader turns a set into batches, prepared in the background. The images of an
// epoch, their order and their augmentation are functions of (seed, epoch) alone,
// so that a run can go on at any batch of any epoch, and the number of workers
// changes nothing.
type Loader struct {
	set     *Set
	o       LoaderOptions
	storage storage
}

// NewLoader checks the options. The set has at least one batch of images.
func NewLoader(set *Set, o LoaderOptions) (*Loader, error) {
	switch {
	case o.BatchSize < 1:
		return nil, fmt.Errorf("dataset: a batch of %d images; give at least 1", o.BatchSize)
	case o.BatchSize > set.Len():
		return nil, fmt.Errorf("dataset: a batch of %d images is more than the %d images to train on; give a smaller batch (--train.batch) or more images", o.BatchSize, set.Len())
	case o.Workers < 0:
		return nil, fmt.Errorf("dataset: %d loader workers; give 0 for the default, or more", o.Workers)
	case o.Workers == 0:
		o.Workers = min(4, runtime.GOMAXPROCS(0))
	}
	if err := o.Augment.Validate(); err != nil {
		return nil, err
	}
	return &Loader{set: set, o: o}, nil
}

// Batches returns the number of batches an epoch. Images that do not fill a last
// batch are left for another epoch, where the order is another one.
func (l *Loader) Batches() int { return l.set.Len() / l.o.BatchSize }

// Order returns the order in which an epoch takes the images.
func (l *Loader) Order(epoch int) []int {
	return rand.New(rand.NewPCG(mix(l.o.Seed, streamOrder), mix(uint64(epoch)))).Perm(l.set.Len())
}

// Change returns how an epoch varies image i of the set.
func (l *Loader) Change(epoch, i int) augment.Change {
	return l.change(augment.NewDrawer(), epoch, i)
}

func (l *Loader) change(d *augment.Drawer, epoch, i int) augment.Change {
	return d.Draw(l.o.Augment, mix(l.o.Seed, streamAugment, uint64(epoch)), mix(uint64(i)))
}

// Epoch returns the batches of an epoch from batch first on. A batch's slices
// belong to the loader again once the loop asks for the next batch or ends. An
// error, which names the image, or the end of ctx is the last element. Leaving the
// loop at any point stops the workers before Epoch returns.
func (l *Loader) Epoch(ctx context.Context, epoch, first int) iter.Seq2[Batch, error] {
	return func(yield func(Batch, error) bool) {
		ctx, cancel := context.WithCancel(ctx)
		// One more batch than there are workers has storage: it is the one that the
		// training step holds.
		batches := l.storage.take(l.o.Workers+1, l.o.BatchSize)
		defer l.storage.give(batches)
		var group sync.WaitGroup
		defer group.Wait()
		defer cancel()
		for j := range l.start(ctx, &group, batches, epoch, first) {
			var err error
			select {
			case err = <-j.done:
			case <-ctx.Done():
				err = ctx.Err()
			}
			if err == nil {
				err = ctx.Err()
			}
			if err != nil {
				yield(Batch{}, err)
				return
			}
			if !yield(j.batch, nil) {
				return
			}
			j.release()
		}
		if err := ctx.Err(); err != nil {
			yield(Batch{}, err)
		}
	}
}

// job is a batch under preparation.
type job struct {
	batch   Batch
	done    chan error // gets one value when the batch is ready
	release func()     // gives the batch's storage back
}

// start starts a dispatcher and the workers, which fill the batches over and over,
// and returns the jobs in the order of the epoch.
func (l *Loader) start(ctx context.Context, group *sync.WaitGroup, batches []Batch, epoch, first int) <-chan *job {
	count := len(batches)
	free := make(chan Batch, count)
	for _, b := range batches {
		free <- b
	}
	// Both have room for every batch that has storage, so that sending never waits.
	ordered, work := make(chan *job, count), make(chan *job, count)
	order := l.Order(epoch)
	group.Go(func() {
		defer close(ordered)
		defer close(work)
		for index := first; index < l.Batches(); index++ {
			select {
			case b := <-free:
				b.Index = index
				j := &job{batch: b, done: make(chan error, 1), release: func() { free <- b }}
				ordered <- j
				work <- j
			case <-ctx.Done():
				return
			}
		}
	})
	for range l.o.Workers {
		group.Go(func() {
			f := newFiller(l)
			for j := range work {
				j.done <- f.fill(ctx, j.batch, epoch, order[j.batch.Index*l.o.BatchSize:][:l.o.BatchSize])
			}
		})
	}
	return ordered
}
