package atomicfile

import (
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// The temporary file of NAME is .NAME.tmp- and 16 hexadecimal digits.
const (
	infix  = ".tmp-"
	digits = 16

	longestName = 255 // bytes, on the usual file systems
)

func temporaryName(target string) string {
	dir, name := filepath.Split(target)
	// A name of the greatest length has no room for more. Its temporary file, if the
	// process is killed, is not known as one of its own any more.
	for most := longestName - 1 - len(infix) - digits; len(name) > most; {
		_, size := utf8.DecodeLastRuneInString(name)
		name = name[:len(name)-size]
	}
	return dir + fmt.Sprintf(".%s%s%0*x", name, infix, digits, rand.Uint64())
}

// TemporaryOf returns the name of the file that a temporary one of [Write] is for.
func TemporaryOf(temporary string) (name string, ok bool) {
	at := len(temporary) - digits - len(infix)
	if at < 2 || temporary[0] != '.' || temporary[at:at+len(infix)] != infix {
		return "", false
	}
	number := temporary[at+len(infix):]
	if _, err := strconv.ParseUint(number, 16, 64); err != nil || strings.ToLower(number) != number {
		return "", false
	}
	return temporary[1:at], true
}

// RemoveStale removes what killed processes have left of their calls of [Write]
// in dir: the temporary files that were not written to for the given time, of
// the files whose names are wanted. A call that is under way fails if its file is
// removed; with an idle time of 0 no other process may be writing these files. A
// directory that does not exist has none.
func RemoveStale(dir string, idle time.Duration, wanted func(name string) bool) error {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	for _, entry := range entries {
		name, ok := TemporaryOf(entry.Name())
		if !ok || !entry.Type().IsRegular() || !wanted(name) {
			continue
		}
		info, err := entry.Info()
		if err == nil && time.Since(info.ModTime()) >= idle {
			err = os.Remove(filepath.Join(dir, entry.Name()))
		}
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}
