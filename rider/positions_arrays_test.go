package rider

import (
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5/pgtype"
	"pgregory.net/rapid"

	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/internal/id"
)

// The arrays written by hand are the bytes that pgx writes.
func TestArraysAreThoseOfPgx(t *testing.T) {
	t.Parallel()
	floatOrNull := func(x float32) *float32 {
		if math.IsNaN(float64(x)) {
			return nil
		}
		return &x
	}
	rapid.Check(t, func(t *rapid.T) {
		rows := make([]fixRow, rapid.IntRange(1, 5).Draw(t, "rows"))
		var riders []id.Rider
		var at, received []pgtype.Timestamptz
		var seq []int64
		var lat, lng []float64
		var accuracy, speed, heading []*float32
		for i := range rows {
			f := fixAt(rapid.IntRange(-1_000_000, 1_000_000).Draw(t, "sec"))
			f.LatLng = geo.LatLng{Lat: rapid.Float64Range(-90, 90).Draw(t, "lat"), Lng: rapid.Float64Range(-180, 180).Draw(t, "lng")}
			if rapid.Bool().Draw(t, "fast") {
				f.SpeedMps, f.HeadingDeg = ptr(rapid.Float64Range(0, 99).Draw(t, "speed")), ptr(rapid.Float64Range(0, 360).Draw(t, "heading"))
			}
			r := rowOf(id.NewTenant(), id.NewRider(), f, noon)
			rows[i] = r
			p := r.place.unpack()
			riders, seq, lat, lng = append(riders, r.rider), append(seq, r.seq), append(lat, p.Lat), append(lng, p.Lng)
			at, received = append(at, pgtype.Timestamptz{Time: f.At, Valid: true}), append(received, pgtype.Timestamptz{Time: noon, Valid: true})
			accuracy, speed, heading = append(accuracy, floatOrNull(r.accuracy)), append(speed, floatOrNull(r.speed)), append(heading, floatOrNull(r.heading))
		}
		m := pgtype.NewMap()
		for i, want := range []any{riders, at, received, seq, lat, lng, accuracy, speed, heading} {
			got := arraysOf(rows)[i]
			bytes, err := m.Encode(got.oid, pgtype.BinaryFormatCode, want, nil)
			if err != nil {
				t.Fatal(err)
			}
			// pgx tells in the second word whether there are NULLs; ours always says that there may be.
			bytes[7] = 1
			if diff := cmp.Diff(bytes, got.data); diff != "" {
				t.Fatalf("column %d: %s", i, diff)
			}
		}
	})
}

func fixAt(sec int) Fix { return at(shanghai, sec) }
