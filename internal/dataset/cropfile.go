package dataset

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"

	"github.com/sphereface-go/sphereface/internal/face"
)

// A crop cache is a header, a table, and the crops:
//
//	magic     8 bytes
//	settings 32 bytes, SHA-256 of how the crops are made
//	count     8 bytes, little-endian
//	CRC       4 bytes, little-endian, CRC-32C of the bytes above
//	table    37 bytes a crop:
//	           content 32 bytes, SHA-256 of the photo's file
//	           state    1 byte, see cropState
//	           CRC      4 bytes, little-endian, CRC-32C of these and of the crop
//	crops    face.CropSize bytes each
//
// A crop is written before its row of the table, so that the file is of use at any
// time: what a process that is killed has left holds the crops that it has made.
const (
	cropMagic  = "sfcrops\x02"
	cropHeader = len(cropMagic) + sha256.Size + 8 + 4
	cropRow    = sha256.Size + 1 + 4
)

// cropVersion changes whenever package face makes other crops of the same photo.
const cropVersion = 2

// cropState says what there is of a crop.
type cropState uint8

const (
	cropMissing    cropState = iota // none
	cropOfFace                      // of a face, or of an image that the alignment takes as it is
	cropNoFace                      // no face was found: the crop of face.AlignFixed
	cropOfPoorFace                  // of a face whose quality is below face.PoorQuality
)

// cropSettings stands for how crops are made.
type cropSettings [sha256.Size]byte

func settingsOf(align face.Alignment) cropSettings {
	return sha256.Sum256(fmt.Appendf(nil, "%d %s", cropVersion, align))
}

func castagnoli() *crc32.Table { return crc32.MakeTable(crc32.Castagnoli) }

// cropOffset is where crop i of n begins; with i = n, the size of the file.
func cropOffset(n, i int) int64 {
	return int64(cropHeader) + int64(cropRow)*int64(n) + int64(face.CropSize)*int64(i)
}

// cropHead is the header of a file of n crops.
func cropHead(settings cropSettings, n int) []byte {
	head := append([]byte(cropMagic), settings[:]...)
	head = binary.LittleEndian.AppendUint64(head, uint64(n))
	return binary.LittleEndian.AppendUint32(head, crc32.Checksum(head, castagnoli()))
}

// rowSum is the checksum of a crop and of its row of the table, without the
// checksum that may stand at the row's end.
func rowSum(row []byte, crop face.Crop) uint32 {
	return crc32.Update(crc32.Checksum(row[:cropRow-4], castagnoli()), castagnoli(), crop.Pix)
}

// cropWriter writes the crops of a cache in any order, from any goroutine.
type cropWriter struct {
	f io.WriterAt
	n int
}

func newCropWriter(f io.WriterAt, settings cropSettings, n int) (*cropWriter, error) {
	_, err := f.WriteAt(cropHead(settings, n), 0)
	return &cropWriter{f, n}, err
}

func (w *cropWriter) put(i int, a aligned) error {
	row := append(a.content[:len(a.content):len(a.content)], byte(a.state))
	row = binary.LittleEndian.AppendUint32(row, rowSum(row, a.crop))
	if _, err := w.f.WriteAt(a.crop.Pix, cropOffset(w.n, i)); err != nil {
		return err
	}
	_, err := w.f.WriteAt(row, int64(cropHeader)+int64(cropRow)*int64(i))
	return err
}

// cropFile is an open cache, of which some crops may be missing or damaged.
type cropFile struct {
	f     io.ReaderAt
	size  int64 // in bytes
	n     int
	table []byte
	close func() error
}

func openCropFile(path string, settings cropSettings) (*cropFile, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err != nil {
		f.Close()
		return nil, err
	}
	c, err := readCropFile(f, info.Size(), settings)
	if err != nil {
		f.Close()
		return nil, err
	}
	c.close = f.Close
	return c, nil
}

// readCropFile reads a cache of the given size in bytes, but none of its crops.
func readCropFile(f io.ReaderAt, size int64, settings cropSettings) (*cropFile, error) {
	head := make([]byte, cropHeader)
	if _, err := f.ReadAt(head, 0); err != nil {
		return nil, err
	}
	n := binary.LittleEndian.Uint64(head[cropHeader-12:])
	if n > uint64(size)/uint64(cropRow) || !bytes.Equal(head, cropHead(settings, int(n))) {
		return nil, errors.New("the file is damaged or of other settings")
	}
	table := make([]byte, int(n)*cropRow)
	if _, err := f.ReadAt(table, int64(cropHeader)); err != nil {
		return nil, err
	}
	return &cropFile{f: f, size: size, n: int(n), table: table}, nil
}

func (c *cropFile) row(i int) []byte { return c.table[i*cropRow:][:cropRow] }

// content returns what the photo of crop i held; of a crop that is missing it says
// nothing.
func (c *cropFile) content(i int) content { return content(c.row(i)[:sha256.Size]) }

func (c *cropFile) state(i int) cropState { return cropState(c.row(i)[sha256.Size]) }

// crop reads crop i into scratch, or into a new one if that is empty, and checks
// it. Its error is about the file alone.
//
// The file is read, not mapped: reading costs a few microseconds a crop, mapped
// pages would count as memory of the process, and a file that is cut short while
// it is in use gives an error, where a mapping would give a signal.
func (c *cropFile) crop(i int, scratch face.Crop) (face.Crop, error) {
	row := c.row(i)
	if s := c.state(i); s == cropMissing || s > cropOfPoorFace {
		return face.Crop{}, fmt.Errorf("crop %d is missing", i)
	}
	crop := scratch
	if crop.Pix == nil {
		crop = face.NewCrop()
	}
	if _, err := c.f.ReadAt(crop.Pix, cropOffset(c.n, i)); err != nil {
		return face.Crop{}, err
	}
	if rowSum(row, crop) != binary.LittleEndian.Uint32(row[cropRow-4:]) {
		return face.Crop{}, fmt.Errorf("crop %d is damaged", i)
	}
	return crop, nil
}

// lists checks the table: there must be the crops of photos of the given contents, in
// their order.
func (c *cropFile) lists(photos []content) error {
	if c.n != len(photos) || c.size != cropOffset(c.n, c.n) {
		return errors.New("the file is of other images")
	}
	for i, p := range photos {
		if c.content(i) != p {
			return fmt.Errorf("crop %d is of another photo", i)
		}
	}
	return nil
}

// check checks the table and reads every crop. Its error is about the file, or that
// of ctx.
func (c *cropFile) check(ctx context.Context, photos []content, o CacheOptions) error {
	if err := c.lists(photos); err != nil {
		return err
	}
	return o.each(ctx, "checking crops", c.n, func(_ context.Context, i int) error {
		_, err := c.crop(i, face.Crop{})
		return err
	})
}

// Close closes the file.
func (c *cropFile) Close() error { return c.close() }
