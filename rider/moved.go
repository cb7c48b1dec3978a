package rider

import (
	"encoding/binary"
	"errors"
	"math"
	"time"

	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/internal/id"
)

// Moved is one rider's new position, as the bus carries it (bus.PositionsSubject tells tenant and zone).
type Moved struct {
	Rider id.Rider
	Fix   Fix
}

// The message: a version byte, then records of 60 bytes, big-endian: rider, seq, at (µs since 1970), lat, lng (float64),
// accuracy, speed, heading (float32; NaN = not known).
const (
	movedVersion = 1
	movedSize    = 16 + 8 + 8 + 8 + 8 + 4 + 4 + 4
)

var errMoved = errors.New("rider: not a message of positions")

// EncodeMoved writes a message.
func EncodeMoved(ms ...Moved) []byte {
	b := make([]byte, 1, 1+len(ms)*movedSize)
	b[0] = movedVersion
	for _, m := range ms {
		p := packFix(&m.Fix)
		b = appendMoved(b, m.Rider, &p)
	}
	return b
}

func appendMoved(b []byte, who id.Rider, p *packedFix) []byte {
	be, at := binary.BigEndian, p.place.unpack()
	b = append(b, who[:]...)
	b = be.AppendUint64(b, uint64(p.seq))
	b = be.AppendUint64(b, uint64(p.at))
	b = be.AppendUint64(b, math.Float64bits(at.Lat))
	b = be.AppendUint64(b, math.Float64bits(at.Lng))
	b = be.AppendUint32(b, math.Float32bits(p.accuracy))
	b = be.AppendUint32(b, math.Float32bits(p.speed))
	return be.AppendUint32(b, math.Float32bits(p.heading))
}

// DecodeMoved reads a message. It refuses other versions (a newer node's) and positions off the earth.
func DecodeMoved(b []byte) ([]Moved, error) {
	if len(b) == 0 || b[0] != movedVersion || (len(b)-1)%movedSize != 0 {
		return nil, errMoved
	}
	b = b[1:]
	out := make([]Moved, 0, len(b)/movedSize)
	be := binary.BigEndian
	for ; len(b) > 0; b = b[movedSize:] {
		m := Moved{
			Rider: id.Rider(b[:16]),
			Fix: Fix{
				Seq:        int64(be.Uint64(b[16:])),
				At:         time.UnixMicro(int64(be.Uint64(b[24:]))).UTC(),
				LatLng:     geo.LatLng{Lat: math.Float64frombits(be.Uint64(b[32:])), Lng: math.Float64frombits(be.Uint64(b[40:]))},
				AccuracyM:  float64(math.Float32frombits(be.Uint32(b[48:]))),
				SpeedMps:   float64Of(math.Float32frombits(be.Uint32(b[52:]))),
				HeadingDeg: float64Of(math.Float32frombits(be.Uint32(b[56:]))),
			},
		}
		if !m.Fix.onEarth() {
			return nil, errMoved
		}
		out = append(out, m)
	}
	return out, nil
}
