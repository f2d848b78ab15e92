package dataset

import (
	"context"

	"github.com/sphereface-go/sphereface/internal/face"
)

// filler prepares batches, one after the other. What it needs for an image it
// has from the start: the training step runs on the same cores, and so would a
// collection of what is left behind.
type filler struct {
	*Loader
	scratch face.Crop
	drawer  *drawer
}

func newFiller(l *Loader) *filler { return &filler{l, face.NewCrop(), newDrawer()} }

// fill prepares a batch of the images of the set.
func (f *filler) fill(ctx context.Context, b Batch, epoch int, images []int) error {
	for k, i := range images {
		if err := ctx.Err(); err != nil {
			return err
		}
		crop, err := f.set.view(i, f.scratch)
		if err != nil {
			return err
		}
		a := f.drawer.draw(f.o.Seed, epoch, i, f.o.Mirror, f.o.Shift)
		crop.ShiftedTensor(b.X[k*face.CropSize:][:face.CropSize], a.DX, a.DY, a.Mirror)
		b.Labels[k] = int32(f.set.Images[i].Person)
	}
	return nil
}
