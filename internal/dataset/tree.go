package dataset

import (
	"context"
	"fmt"
	"image/png"
	"io"
	"os"
	"path/filepath"

	"github.com/sphereface-go/sphereface/internal/atomicfile"
)

// WriteTree writes the crops of the set as PNG files NAME/NAME_0001.png and so on
// below dir, a tree that Folder and Lookup read back to equal crops. An image
// appears whole or not at all. progress, which may be nil, is called after each.
func (s *Set) WriteTree(ctx context.Context, dir string, progress func(done, total int)) error {
	for i := range s.Images {
		if err := ctx.Err(); err != nil {
			return err
		}
		ref := s.Ref(i)
		if err := checkName(ref.Name); err != nil {
			return fmt.Errorf("dataset: %w", err)
		}
		crop, err := s.Crop(i)
		if err != nil {
			return err
		}
		folder := filepath.Join(dir, ref.Name)
		if err := os.MkdirAll(folder, 0o755); err != nil {
			return fmt.Errorf("dataset: %w", atomicfile.Advise(err))
		}
		err = atomicfile.Write(filepath.Join(folder, ref.String()+".png"), func(w io.Writer) error {
			return png.Encode(w, crop.Image())
		})
		if err != nil {
			return fmt.Errorf("dataset: %w", err)
		}
		if progress != nil {
			progress(i+1, s.Len())
		}
	}
	return nil
}
