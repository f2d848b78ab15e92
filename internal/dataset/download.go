package dataset

import (
	"context"
	"crypto/md5"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/sphereface-go/sphereface/internal/atomicfile"
)

// checksum is a published checksum of a file. MD5 is all that some publishers
// give; it guards against a damaged transfer, not against an attacker.
type checksum struct{ kind, hex string }

func (c checksum) new() hash.Hash {
	if c.kind == "md5" {
		return md5.New()
	}
	return sha256.New()
}

// errDisk marks errors of the local disk, which another address cannot mend.
var errDisk = errors.New("write")

// idleTimeout ends a download from which nothing has come for so long.
const idleTimeout = 60 * time.Second

// download fetches url to path. What an earlier call has fetched is kept in
// path.part and not fetched again if the server can send the rest. The file gets
// its name once its checksum is right. Errors do not name the address.
func download(ctx context.Context, url, path string, sum checksum, progress func(done, total int64)) error {
	part := path + ".part"
	f, err := os.OpenFile(part, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return fmt.Errorf("dataset: %w: %w", errDisk, err)
	}
	defer f.Close()
	have, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return fmt.Errorf("dataset: %w: %w", errDisk, err)
	}
	if err := transfer(ctx, url, f, have, progress); err != nil {
		if info, statErr := f.Stat(); statErr == nil && info.Size() == 0 {
			os.Remove(part) // nothing came
		}
		return err
	}
	if _, err := f.Seek(0, io.SeekStart); err != nil {
		return fmt.Errorf("dataset: %w: %w", errDisk, err)
	}
	h := sum.new()
	if _, err := io.Copy(h, f); err != nil {
		return fmt.Errorf("dataset: %w: %w", errDisk, err)
	}
	if got := hex.EncodeToString(h.Sum(nil)); got != sum.hex {
		os.Remove(part)
		return fmt.Errorf("what came has the %s %s instead of %s", strings.ToUpper(sum.kind), got, sum.hex)
	}
	if err := f.Sync(); err != nil {
		return fmt.Errorf("dataset: %w: %w", errDisk, err)
	}
	if err := os.Rename(part, path); err != nil {
		return fmt.Errorf("dataset: %w: %w", errDisk, err)
	}
	return nil
}

// transfer appends the rest of url to f, which holds its first have bytes, or
// the whole of it anew if the server sends no parts.
func transfer(ctx context.Context, url string, f *os.File, have int64, progress func(done, total int64)) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	idle := time.AfterFunc(idleTimeout, func() { cancel(fmt.Errorf("nothing came for %v", idleTimeout)) })
	defer idle.Stop()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return err
	}
	if have > 0 {
		req.Header.Set("Range", fmt.Sprintf("bytes=%d-", have))
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return transferError(ctx, err)
	}
	defer resp.Body.Close()
	switch {
	case resp.StatusCode == http.StatusRequestedRangeNotSatisfiable && have > 0:
		return nil // it is all there, which the checksum proves or disproves
	case resp.StatusCode == http.StatusOK:
		have = 0
		if err := f.Truncate(0); err != nil {
			return fmt.Errorf("dataset: %w: %w", errDisk, err)
		}
	case resp.StatusCode == http.StatusPartialContent && strings.HasPrefix(resp.Header.Get("Content-Range"), fmt.Sprintf("bytes %d-", have)):
	default:
		return fmt.Errorf("the server answers %s", resp.Status)
	}
	if _, err := f.Seek(have, io.SeekStart); err != nil {
		return fmt.Errorf("dataset: %w: %w", errDisk, err)
	}
	total := int64(0)
	if resp.ContentLength > 0 {
		total = have + resp.ContentLength
	}
	buf := make([]byte, 256<<10)
	for {
		n, err := resp.Body.Read(buf)
		if n > 0 {
			idle.Reset(idleTimeout)
			if _, err := f.Write(buf[:n]); err != nil {
				return fmt.Errorf("dataset: %w: %w", errDisk, atomicfile.Advise(err))
			}
			have += int64(n)
			progress(have, total)
		}
		if errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return transferError(ctx, err)
		}
	}
}

// transferError prefers the reason why the transfer was ended to its effect, and
// drops the address that net/http puts in front.
func transferError(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}
	if inner := errors.Unwrap(err); inner != nil {
		return inner
	}
	return err
}
