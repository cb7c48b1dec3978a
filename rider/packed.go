package rider

import (
	"cmp"
	"math"
	"time"

	"github.com/paidan/paidan/internal/geo"
)

// packedFix is a fix in 40 bytes without a pointer, as memory and queues hold it by the hundred thousand.
type packedFix struct {
	place                    packed
	at, seq                  int64 // at in µs since 1970, PostgreSQL's precision
	accuracy, speed, heading float32
}

// unknown stands for a speed or heading that the phone did not tell.
var unknown = float32(math.NaN())

// packFix packs a fix that is on the earth.
func packFix(f *Fix) packedFix {
	return packedFix{
		place: pack(f.LatLng), at: f.At.UnixMicro(), seq: f.Seq,
		accuracy: float32(f.AccuracyM), speed: float32Or(f.SpeedMps), heading: float32Or(f.HeadingDeg),
	}
}

func (p *packedFix) fix() Fix {
	return Fix{
		Seq: p.seq, At: time.UnixMicro(p.at).UTC(), LatLng: p.place.unpack(),
		AccuracyM: float64(p.accuracy), SpeedMps: float64Of(p.speed), HeadingDeg: float64Of(p.heading),
	}
}

// onEarth is Fix.onEarth.
func (p *packedFix) onEarth() bool {
	inf := math.Inf(1)
	finite := func(x float32) bool { return x != x || math.Abs(float64(x)) < inf }
	return p.place.unpack().Valid() && p.accuracy >= 0 && finite(p.accuracy) && finite(p.speed) && finite(p.heading)
}

// compare orders fixes by the phone's time, then by sequence number. The greater is the newer; it is the one rule by which all nodes
// agree on a rider's last position.
func (p *packedFix) compare(q *packedFix) int {
	return cmp.Or(cmp.Compare(p.at, q.at), cmp.Compare(p.seq, q.seq))
}

func float32Or(x *float64) float32 {
	if x == nil {
		return unknown
	}
	return float32(*x)
}

func float64Of(x float32) *float64 {
	if x != x {
		return nil
	}
	v := float64(x)
	return &v
}

// packed is a position in one word: latitude and longitude in units of 1e-7 degrees, about a centimetre.
type packed uint64

const packUnits = 1e7

func pack(p geo.LatLng) packed {
	return packed(uint64(uint32(int32(math.Round(p.Lat*packUnits))))<<32 | uint64(uint32(int32(math.Round(p.Lng*packUnits)))))
}

func (p packed) unpack() geo.LatLng {
	return geo.LatLng{Lat: float64(int32(p>>32)) / packUnits, Lng: float64(int32(p)) / packUnits}
}
