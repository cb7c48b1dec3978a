package main

import (
	"math"
	"math/rand/v2"
	"time"

	"google.golang.org/protobuf/encoding/protowire"

	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/rider"
)

// benchCity is riders who move as couriers do: 5 m/s, a fix every 5 s with a receiver's noise, turning now and then, some 10 km around a centre.
type benchCity struct {
	tenant id.Tenant
	zone   id.Zone
	rng    *rand.Rand
	riders []benchRider
}

type benchRider struct {
	id      id.Rider
	place   geo.LatLng
	heading float64 // radians, clockwise from north
	speed   float64
	at      time.Time // of the last fix
	seq     int64
}

const (
	benchStep   = 5 * time.Second
	benchSpread = 10_000 // metres
	benchNoise  = 4      // metres
)

var benchCenter = geo.LatLng{Lat: 43.7731, Lng: 11.2560}

func newBenchCity(n int, tenant id.Tenant, zone id.Zone, start time.Time) *benchCity {
	c := &benchCity{tenant: tenant, zone: zone, rng: rand.New(rand.NewPCG(1, 2)), riders: make([]benchRider, n)}
	for i := range c.riders {
		c.riders[i] = benchRider{
			id: id.NewRider(), place: geo.Shift(benchCenter, c.rng.NormFloat64()*benchSpread, c.rng.NormFloat64()*benchSpread),
			heading: c.rng.Float64() * 2 * math.Pi, at: start,
		}
	}
	return c
}

// part is the same riders with a chance of its own, for one of several who move some of them each.
func (c *benchCity) part(k uint64) *benchCity {
	part := *c
	part.rng = rand.New(rand.NewPCG(3, k))
	return &part
}

// ride adds a rider's next fixes.
func (c *benchCity) ride(i, n int, fixes []rider.Fix) []rider.Fix {
	r := &c.riders[i]
	for range n {
		r.heading += c.rng.NormFloat64() * 0.3
		if c.rng.IntN(100) == 0 {
			r.heading = c.rng.Float64() * 2 * math.Pi
		}
		r.speed = 5
		step := r.speed * benchStep.Seconds()
		r.place = geo.Shift(r.place, step*math.Sin(r.heading), step*math.Cos(r.heading))
		r.at, r.seq = r.at.Add(benchStep), r.seq+1
		fixes = append(fixes, rider.Fix{
			Seq: r.seq, At: r.at, LatLng: geo.Shift(r.place, c.rng.NormFloat64()*benchNoise, c.rng.NormFloat64()*benchNoise),
			AccuracyM: 8, SpeedMps: &r.speed,
		})
	}
	return fixes
}

// appendFixesProto writes a batch as docs/positions.proto says.
func appendFixesProto(out []byte, fixes []rider.Fix) []byte {
	var b []byte
	for _, f := range fixes {
		b = protowire.AppendVarint(protowire.AppendTag(b[:0], 1, protowire.VarintType), uint64(f.Seq))
		b = protowire.AppendVarint(protowire.AppendTag(b, 2, protowire.VarintType), uint64(f.At.UnixMilli()))
		b = protowire.AppendFixed32(protowire.AppendTag(b, 3, protowire.Fixed32Type), uint32(int32(math.Round(f.Lat*1e7))))
		b = protowire.AppendFixed32(protowire.AppendTag(b, 4, protowire.Fixed32Type), uint32(int32(math.Round(f.Lng*1e7))))
		b = protowire.AppendFixed32(protowire.AppendTag(b, 5, protowire.Fixed32Type), math.Float32bits(float32(f.AccuracyM)))
		b = protowire.AppendFixed32(protowire.AppendTag(b, 6, protowire.Fixed32Type), math.Float32bits(float32(*f.SpeedMps)))
		out = protowire.AppendBytes(protowire.AppendTag(out, 1, protowire.BytesType), b)
	}
	return out
}
