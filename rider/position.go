package rider

import (
	"math"
	"time"

	"github.com/paidan/paidan/internal/geo"
)

// Fix is one position as the phone saw it.
type Fix struct {
	Seq int64     `json:"seq" minimum:"0" doc:"Counts up with every fix the phone takes; a repeated number is a repeated fix."`
	At  time.Time `json:"at" doc:"When the phone took the fix, by its own clock."`
	geo.LatLng
	AccuracyM  float64  `json:"accuracy_m,omitempty" doc:"Radius in metres within which the phone believes itself (68 %); 0 = not known."`
	SpeedMps   *float64 `json:"speed_mps,omitempty" doc:"Metres per second."`
	HeadingDeg *float64 `json:"heading_deg,omitempty" doc:"Direction of travel, degrees clockwise from north."`
	Mock       bool     `json:"mock,omitempty" doc:"The phone says that a program made the fix up (Android's isMock, iOS's isSimulatedBySoftware)."`
}

// onEarth reports whether the fix is a position at all.
func (f Fix) onEarth() bool {
	return f.Valid() && f.AccuracyM >= 0 && !math.IsInf(f.AccuracyM, 1) && finite(f.SpeedMps) && finite(f.HeadingDeg)
}

func finite(x *float64) bool { return x == nil || !math.IsNaN(*x) && !math.IsInf(*x, 0) }

// Counts tells what became of a batch of fixes. Accepted and Late ones are stored; only Accepted ones move the rider.
type Counts struct {
	Accepted   int `json:"accepted" doc:"Moved the rider."`
	Duplicate  int `json:"duplicate" doc:"Received before."`
	Late       int `json:"late" doc:"Older than the rider's last position: kept as history."`
	Future     int `json:"future" doc:"Ahead of the server's clock: dropped."`
	Impossible int `json:"impossible" doc:"Too far from the last position for the time between: dropped."`
	Inaccurate int `json:"inaccurate" doc:"Too imprecise, or not on the earth: dropped."`
	Mock       int `json:"mock" doc:"Made up by a program, as the phone says: dropped."`
}
