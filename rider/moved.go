package rider

import (
	"encoding/binary"
	"errors"
	"math"

	"github.com/paidan/paidan/internal/id"
)

// Moved is one rider's new position, as the bus carries it (bus.PositionsSubject tells tenant and zone).
type Moved struct {
	Rider id.Rider
	Fix   Fix
}

// The message, big-endian: a version byte, the number of the node that it is from (0: not from a node's own riders), then records of 52
// bytes: rider, seq, at (µs since 1970), lat and lng (int32, 1e-7 degrees), accuracy, speed, heading (float32; NaN = not known).
const (
	movedVersion = 2
	movedHead    = 1 + 8
	movedSize    = 16 + 8 + 8 + 8 + 4 + 4 + 4
)

var errMoved = errors.New("rider: not a message of positions")

// EncodeMoved writes a message.
func EncodeMoved(ms ...Moved) []byte {
	b := appendMovedHead(make([]byte, 0, movedHead+len(ms)*movedSize), 0)
	for _, m := range ms {
		p := packFix(&m.Fix)
		b = appendMoved(b, m.Rider, &p)
	}
	return b
}

func appendMovedHead(b []byte, node uint64) []byte {
	return binary.BigEndian.AppendUint64(append(b, movedVersion), node)
}

func appendMoved(b []byte, who id.Rider, p *packedFix) []byte {
	be := binary.BigEndian
	b = append(b, who[:]...)
	b = be.AppendUint64(b, uint64(p.seq))
	b = be.AppendUint64(b, uint64(p.at))
	b = be.AppendUint64(b, uint64(p.place))
	b = be.AppendUint32(b, math.Float32bits(p.accuracy))
	b = be.AppendUint32(b, math.Float32bits(p.speed))
	return be.AppendUint32(b, math.Float32bits(p.heading))
}

// decodeMoved tells whom a message is from and calls move for each of its records. It refuses other versions (a newer node's) and,
// from there on, positions off the earth.
func decodeMoved(b []byte, from func(node uint64) (wanted bool), move func(id.Rider, packedFix)) error {
	be := binary.BigEndian
	if len(b) < movedHead || b[0] != movedVersion || (len(b)-movedHead)%movedSize != 0 {
		return errMoved
	}
	if !from(be.Uint64(b[1:])) {
		return nil
	}
	for b = b[movedHead:]; len(b) > 0; b = b[movedSize:] {
		p := packedFix{
			seq: int64(be.Uint64(b[16:])), at: int64(be.Uint64(b[24:])), place: packed(be.Uint64(b[32:])),
			accuracy: math.Float32frombits(be.Uint32(b[40:])), speed: math.Float32frombits(be.Uint32(b[44:])), heading: math.Float32frombits(be.Uint32(b[48:])),
		}
		if !p.onEarth() {
			return errMoved
		}
		move(id.Rider(b[:16]), p)
	}
	return nil
}
