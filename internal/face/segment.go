package face

import (
	"encoding/binary"
	"iter"
)

// Markers of a JPEG (ITU-T T.81, table B.1).
const (
	progressiveFrame = 0xc2
	firstRestart     = 0xd0
	lastRestart      = 0xd7
	startOfImage     = 0xd8
	endOfImage       = 0xd9
	startOfScan      = 0xda
)

// segments returns a JPEG's markers and what their segments contain, up to its end
// or to what is no JPEG. The pixels that follow a scan's segment are passed over.
func segments(data []byte) iter.Seq2[byte, []byte] {
	return func(yield func(byte, []byte) bool) {
		for i := 0; i+1 < len(data); {
			switch marker := data[i+1]; {
			case data[i] != 0xff || marker == 0 || marker >= firstRestart && marker <= lastRestart:
				i++ // within a scan
			case marker == 0xff:
				i++ // fills up
			case marker == startOfImage:
				i += 2
			case marker == endOfImage:
				return
			default:
				i += 2
				if i+2 > len(data) {
					return
				}
				size := int(binary.BigEndian.Uint16(data[i:]))
				content := data[i:min(i+size, len(data))]
				if !yield(marker, content[min(2, len(content)):]) {
					return
				}
				i += size
			}
		}
	}
}
