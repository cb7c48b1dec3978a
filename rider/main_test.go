package rider

import (
	"testing"
	"time"

	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/internal/pg/pgtest"
)

func TestMain(m *testing.M) { pgtest.Main(m) }

var (
	noon     = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	shanghai = geo.LatLng{Lat: 31.2304, Lng: 121.4737}
)

// offset is a place some metres east and north of p.
func offset(p geo.LatLng, east, north float64) geo.LatLng {
	return geo.LatLng{Lat: p.Lat + north/metresPerDegree, Lng: p.Lng + east/(metresPerDegree*cosDeg(p.Lat))}
}
