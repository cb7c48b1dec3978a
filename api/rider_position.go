package api

import (
	"context"
	"time"

	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/rider"
)

// Fix is one GPS fix.
type Fix struct {
	Seq        int64     `json:"seq" minimum:"0" doc:"Counts up with every fix the phone takes; a repeated number is a repeated fix."`
	At         time.Time `json:"at" doc:"When the phone took it, by its own clock."`
	Lat        float64   `json:"lat" minimum:"-90" maximum:"90"`
	Lng        float64   `json:"lng" minimum:"-180" maximum:"180"`
	AccuracyM  float64   `json:"accuracy_m" minimum:"0" maximum:"1000000" doc:"Radius of 68 % confidence; 0: not known."`
	SpeedMps   *float64  `json:"speed_mps,omitempty" minimum:"0" maximum:"1000"`
	HeadingDeg *float64  `json:"heading_deg,omitempty" minimum:"0" maximum:"360" doc:"Clockwise from north."`
}

func (f Fix) fix() rider.Fix {
	return rider.Fix{
		Seq: f.Seq, At: f.At.UTC(), LatLng: geo.LatLng{Lat: f.Lat, Lng: f.Lng}, AccuracyM: f.AccuracyM, SpeedMps: f.SpeedMps, HeadingDeg: f.HeadingDeg,
	}
}

type positionsInput struct {
	Body struct {
		Fixes []Fix `json:"fixes" minItems:"1" maxItems:"500"`
	}
}

// sendPositions asks no database: the token says who the rider is, where, and on what.
func (s *Server) sendPositions(ctx context.Context, in *positionsInput) (*out[rider.Counts], error) {
	who := riderOf(ctx)
	fixes := make([]rider.Fix, len(in.Body.Fixes))
	for i, f := range in.Body.Fixes {
		fixes[i] = f.fix()
	}
	return answer(s.ingest.Accept(ctx, who.Tenant, who.Zone, who.Rider, who.Vehicle, fixes)), nil
}
