package dataset

import (
	"context"

	"github.com/sphereface-go/sphereface/internal/augment"
	"github.com/sphereface-go/sphereface/internal/face"
)

// filler prepares batches, one after the other. What it needs for an image it
// has from the start: the training step runs on the same cores, and so would a
// collection of what is left behind.
type filler struct {
	*Loader
	scratch face.Crop
	drawer  *augment.Drawer
}

func newFiller(l *Loader) *filler { return &filler{l, face.NewCrop(), augment.NewDrawer()} }

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
		f.change(f.drawer, epoch, i).Tensor(b.X[k*face.CropSize:][:face.CropSize], crop)
		b.Labels[k] = int32(f.set.Images[i].Person)
	}
	return nil
}
