package dataset

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/sphereface-go/sphereface/internal/face"
)

// A crop cache is a header, a table of checksums, and the crops:
//
//	magic    8 bytes
//	key     32 bytes, SHA-256 of what the crops were made from
//	count    8 bytes, little-endian
//	CRC      4 bytes, CRC-32C of the bytes above and of the table
//	table    4 bytes a crop, little-endian, CRC-32C of the crop
//	crops    face.CropSize bytes each
const (
	cropMagic  = "sfcrops\x01"
	cropHeader = len(cropMagic) + sha256.Size + 8 + 4
)

// cropVersion changes whenever package face makes other crops of the same photo.
const cropVersion = 1

type cacheKey [sha256.Size]byte

func castagnoli() *crc32.Table { return crc32.MakeTable(crc32.Castagnoli) }

// cacheKey returns the set's cache file and the key that it must hold. The name
// depends on the images' paths and the alignment alone, so that a changed image
// replaces the old file.
func (s *Set) cacheKey(dir string) (path string, key cacheKey, err error) {
	names, states := sha256.New(), sha256.New()
	fmt.Fprintf(names, "%d %s\n", cropVersion, s.Align)
	for _, img := range s.Images {
		abs, err := filepath.Abs(img.Path)
		if err != nil {
			return "", key, fmt.Errorf("dataset: %s: %w", img.Path, err)
		}
		info, err := os.Stat(abs)
		if err != nil {
			return "", key, fmt.Errorf("dataset: %s: cannot be found any more: %w", img.Path, err)
		}
		fmt.Fprintf(names, "%q\n", abs)
		fmt.Fprintf(states, "%d %s\n", info.Size(), info.ModTime().UTC().Format(time.RFC3339Nano))
	}
	name := names.Sum(nil)
	states.Write(name)
	copy(key[:], states.Sum(nil))
	return filepath.Join(dir, "crops-"+hex.EncodeToString(name[:8])+".bin"), key, nil
}

// cropWriter writes the crops of a cache in any order, from any goroutine.
type cropWriter struct {
	f     io.WriterAt
	key   cacheKey
	table []byte
}

func newCropWriter(f io.WriterAt, key cacheKey, n int) *cropWriter {
	return &cropWriter{f, key, make([]byte, 4*n)}
}

func cropOffset(n, i int) int64 {
	return int64(cropHeader) + 4*int64(n) + int64(face.CropSize)*int64(i)
}

func (w *cropWriter) put(i int, crop face.Crop) error {
	binary.LittleEndian.PutUint32(w.table[4*i:], crc32.Checksum(crop.Pix, castagnoli()))
	_, err := w.f.WriteAt(crop.Pix, cropOffset(len(w.table)/4, i))
	return err
}

func (w *cropWriter) finish() error {
	head := append([]byte(cropMagic), w.key[:]...)
	head = binary.LittleEndian.AppendUint64(head, uint64(len(w.table)/4))
	sum := crc32.Update(crc32.Checksum(head, castagnoli()), castagnoli(), w.table)
	head = binary.LittleEndian.AppendUint32(head, sum)
	_, err := w.f.WriteAt(append(head, w.table...), 0)
	return err
}

// cropFile is an open cache whose every byte has been checked.
type cropFile struct {
	f     io.ReaderAt
	table []byte
	close func() error
}

func openCrops(path string, key cacheKey, n int) (*cropFile, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err != nil {
		f.Close()
		return nil, err
	}
	c, err := readCrops(f, info.Size(), key, n)
	if err != nil {
		f.Close()
		return nil, err
	}
	c.close = f.Close
	return c, nil
}

// readCrops checks a cache of the given size in bytes: it must hold n crops that
// were made from what the key says.
func readCrops(f io.ReaderAt, size int64, key cacheKey, n int) (*cropFile, error) {
	if size != cropOffset(n, n) {
		return nil, errors.New("the file has another size")
	}
	head := make([]byte, cropHeader+4*n)
	if _, err := f.ReadAt(head, 0); err != nil {
		return nil, err
	}
	fixed, table := head[:cropHeader-4], head[cropHeader:]
	want := append([]byte(cropMagic), key[:]...)
	want = binary.LittleEndian.AppendUint64(want, uint64(n))
	if string(fixed) != string(want) {
		return nil, errors.New("the file is of other images")
	}
	sum := crc32.Update(crc32.Checksum(fixed, castagnoli()), castagnoli(), table)
	if sum != binary.LittleEndian.Uint32(head[cropHeader-4:]) {
		return nil, errors.New("the header is damaged")
	}
	c := &cropFile{f: f, table: table}
	scratch := face.NewCrop()
	for i := range n {
		if _, err := c.crop(i, scratch); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// crop reads crop i into scratch, or into a new one if that is empty, and checks
// it. Its error is about the file alone.
//
// The file is read, not mapped: reading costs a few microseconds a crop, mapped
// pages would count as memory of the process, and a file that is cut short while
// it is in use gives an error, where a mapping would give a signal.
func (c *cropFile) crop(i int, scratch face.Crop) (face.Crop, error) {
	crop := scratch
	if crop.Pix == nil {
		crop = face.NewCrop()
	}
	if _, err := c.f.ReadAt(crop.Pix, cropOffset(len(c.table)/4, i)); err != nil {
		return face.Crop{}, err
	}
	if crc32.Checksum(crop.Pix, castagnoli()) != binary.LittleEndian.Uint32(c.table[4*i:]) {
		return face.Crop{}, fmt.Errorf("crop %d is damaged", i)
	}
	return crop, nil
}

// Close closes the file.
func (c *cropFile) Close() error { return c.close() }
