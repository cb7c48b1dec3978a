package rider

import (
	"encoding/binary"
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/paidan/paidan/internal/bus"
	"github.com/paidan/paidan/internal/clock"
	"github.com/paidan/paidan/internal/id"
)

// decode reads a message of another node.
func decode(b []byte) (out []Moved, err error) {
	err = decodeMoved(b, func(uint64) bool { return true }, func(who id.Rider, p packedFix) { out = append(out, Moved{who, p.fix()}) })
	return out, err
}

func TestMovedRoundTrip(t *testing.T) {
	t.Parallel()
	want := []Moved{{id.NewRider(), at(shanghai, 7)}, {id.NewRider(), at(places[2], 8)}}
	want[0].Fix.SpeedMps, want[1].Fix.HeadingDeg = ptr(3.5), ptr(270.0)
	got, err := decode(EncodeMoved(want...))
	if diff := cmp.Diff(want, got); err != nil || diff != "" {
		t.Error(err, diff)
	}
	nowhere, cut := EncodeMoved(want[0]), EncodeMoved(want[0])
	binary.BigEndian.PutUint32(nowhere[movedHead+16+8+8:], 91e7)
	for _, bad := range [][]byte{nil, {2}, {1, 1}, nowhere, cut[:len(cut)-1], append([]byte{1}, cut[1:]...)} {
		if _, err := decode(bad); err == nil {
			t.Errorf("%v was read", bad)
		}
	}
}

func FuzzDecodeMoved(f *testing.F) {
	f.Add(EncodeMoved(Moved{id.NewRider(), at(shanghai, 7)}))
	f.Add(appendMovedHead(nil, 7))
	f.Fuzz(func(t *testing.T, b []byte) {
		ms, err := decode(b)
		if err != nil {
			return
		}
		ix := NewIndex()
		for _, m := range ms {
			ix.Update(id.NewTenant(), id.NewZone(), m.Rider, m.Fix)
		}
		again, err := decode(EncodeMoved(ms...))
		if err != nil || len(again) != len(ms) {
			t.Errorf("written again it is unreadable: %v", err)
		}
	})
}

// Whatever a phone sends, Accept answers with counts that add up and an index that is on the earth.
func FuzzFixJSON(f *testing.F) {
	f.Add([]byte(`[{"seq":1,"at":"2026-03-01T12:00:00Z","lat":31.2,"lng":121.4,"accuracy_m":5,"speed_mps":4.2,"heading_deg":90}]`))
	f.Add([]byte(`[{"seq":-9223372036854775808,"at":"0001-01-01T00:00:00Z","lat":-90,"lng":180,"accuracy_m":1e308},{"seq":9223372036854775807,"at":"2026-03-01T12:00:00+08:00","lat":90,"lng":-180}]`))
	tenant, zone, r := id.NewTenant(), id.NewZone(), id.NewRider()
	f.Fuzz(func(t *testing.T, b []byte) {
		var fixes []Fix
		if json.Unmarshal(b, &fixes) != nil || len(fixes) > MaxFixes {
			return
		}
		g, _ := newTestIngest(clock.NewManual(noon), defaultLimits)
		for range 2 {
			c := g.Accept(t.Context(), tenant, zone, r, Walking, fixes)
			if n := c.Accepted + c.Duplicate + c.Late + c.Future + c.Impossible + c.Inaccurate + c.Mock; n != len(fixes) {
				t.Fatalf("%+v of %d fixes", c, len(fixes))
			}
		}
		if last, ok := g.index.Last(tenant, r); ok && (!last.onEarth() || last.At.After(noon.Add(futureSlack))) {
			t.Fatalf("last is %+v", last)
		}
		if near := g.index.Nearest(tenant, zone, shanghai, 3, 0); len(near) > 1 {
			t.Fatalf("one rider is found %d times", len(near))
		}
		js, err := json.Marshal(fixes)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(js, &fixes); err != nil {
			t.Fatal(err)
		}
	})
}

func TestPresence(t *testing.T) {
	t.Parallel()
	fresh, silent := at(shanghai, 0), at(shanghai, 0)
	silent.At = noon.Add(-DefaultStaleAfter - 1)
	for _, c := range []struct {
		in   PresenceInput
		want Presence
	}{
		{PresenceInput{Last: &fresh, Stops: 2}, Offline},
		{PresenceInput{OnShift: true, Last: &fresh}, Idle},
		{PresenceInput{OnShift: true, Last: &fresh, Stops: 1}, Working},
		{PresenceInput{OnShift: true, Last: &silent, Stops: 1}, Stale},
		{PresenceInput{OnShift: true}, Stale},
		{PresenceInput{OnShift: true, Last: &silent, StaleAfter: DefaultStaleAfter * 2}, Idle},
	} {
		c.in.Now = noon
		if got := PresenceOf(c.in); got != c.want {
			t.Errorf("%+v is %s, want %s", c.in, got, c.want)
		}
	}
}

func TestFollowIgnoresWhatItCantRead(t *testing.T) {
	t.Parallel()
	ix := NewIndex()
	tenant, zone, r := id.NewTenant(), id.NewZone(), id.NewRider()
	ix.follow("positions.x.y", EncodeMoved(Moved{r, at(shanghai, 1)}))
	ix.follow(bus.PositionsSubject(tenant, zone), []byte("x"))
	ix.follow(bus.PositionsSubject(tenant, zone), EncodeMoved(Moved{r, at(shanghai, 1)}))
	if n := ix.unread.Load(); n != 2 || ix.Len() != 1 {
		t.Errorf("%d unread, %d riders", n, ix.Len())
	}
}
