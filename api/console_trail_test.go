package api

import (
	"testing"
	"time"

	"github.com/paidan/paidan/internal/id"
)

func TestTrailOfAnOrder(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.company(t)
	oid := c.place(t)
	path := "/v1/console/orders/" + oid + "/trail"
	if got := w.ok(t, c.viewer, "GET", path, nil); len(got.at("data").([]any)) != 0 || got.text("rider_id") != "" {
		t.Errorf("before anybody has it: %s", got.raw)
	}
	c.onShift(t)
	w.clock.Advance(time.Minute) // the shift's first position is not the order's
	c.take(t, oid)
	assigned := w.clock.Now()
	// East for 50 s, north for 50 s, each second 5 m; others before, after, and of another rider.
	ride := `insert into positions (tenant_id, rider_id, at, received_at, seq, lat, lng, accuracy_m)
		select $1, $2, $3::timestamptz + i * interval '1 s', $3, i, 43.77 + greatest(0, i - 50) * 0.000045, 11.25 + least(i, 50) * 0.00006, 5 from generate_series($4::int, $5::int) i`
	w.exec(t, c.tenant, ride, c.tenant, c.rider.ID, assigned, 1, 100)
	w.exec(t, c.tenant, ride, c.tenant, c.rider.ID, assigned.Add(-time.Hour), 1, 10)
	w.exec(t, c.tenant, ride, c.tenant, c.rider.ID, assigned.Add(time.Hour), 1, 10)
	w.exec(t, c.tenant, ride, c.tenant, id.NewRider(), assigned, 1, 100)
	w.clock.Advance(2 * time.Minute)
	got := w.ok(t, c.viewer, "GET", path, nil)
	points := got.at("data").([]any)
	if got.at("fixes") != 100.0 || got.text("rider_id") != c.rider.ID.String() || len(points) != 3 {
		t.Fatalf("%s", got.raw)
	}
	if corner := points[1].(m); corner["lat"] != 43.77 || corner["lng"] != 11.253 || corner["at"] != assigned.Add(50*time.Second).Format(time.RFC3339Nano) {
		t.Errorf("the corner is %v", corner)
	}
	if all := w.ok(t, c.viewer, "GET", path+"?tolerance_m=0", nil); len(all.at("data").([]any)) < 3 {
		t.Errorf("%s", all.raw)
	}
	w.refused(t, c.viewer, "GET", path+"?tolerance_m=-1", nil, codeValidation)
}
