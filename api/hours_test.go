package api

import (
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/pg"
)

// policy changes the zone's policy.
func (c *company) policy(t testing.TB, change m) {
	t.Helper()
	path := "/v1/console/zones/" + c.zone.String()
	for _, z := range c.w.ok(t, c.admin, "GET", "/v1/console/zones", nil).at("data").([]any) {
		if z := z.(m); z["id"] == c.zone.String() {
			c.w.ok(t, c.admin, "PATCH", path, m{"version": z["version"], "policy": change})
		}
	}
}

// local is the time of day where the company is, so many hours after noon.
func (c *company) local(t testing.TB, after time.Duration) string {
	t.Helper()
	var zone *time.Location
	err := c.w.db.Read(t.Context(), c.tenant, func(tx pgx.Tx) (err error) {
		zone, err = pg.TimeZone(t.Context(), tx, c.tenant)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return noon.Add(after).In(zone).Format("15:04")
}

// Outside its hours a zone takes no orders, however they come; it says when it does, and that can be ordered for at once.
func TestHours(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.company(t)
	c.onShift(t)
	c.setTariff(t)
	before, late := c.quote(t).text("id"), c.quote(t).text("id")
	c.policy(t, m{"hours": []m{
		{"from": c.local(t, -4*time.Hour), "to": c.local(t, -time.Hour)}, {"from": c.local(t, 7*time.Hour), "to": c.local(t, 10*time.Hour)},
	}})
	opens := w.refused(t, c.key, "POST", "/v1/orders", c.newOrder(), codeClosed).text("opens_at")
	if opens != noon.Add(7*time.Hour).Format(time.RFC3339) {
		t.Errorf("opens at %s", opens)
	}
	w.refused(t, c.key, "POST", "/v1/quotes", c.newQuote(), codeClosed)
	w.refused(t, c.key, "POST", "/v1/jobs", c.newJob(2), codeClosed)
	row := w.ok(t, c.key, "POST", "/v1/orders/batch", m{"orders": []m{c.newOrder(), c.newOrder(m{"deliver_after": opens})}}).at("data").([]any)
	if refused, taken := (reply{body: row[0].(m)}), (reply{body: row[1].(m)}); refused.text("error", "code") != codeClosed || taken.text("order", "state") != "scheduled" {
		t.Errorf("%v", row)
	}
	c.place(t, m{"deliver_after": opens})
	c.place(t, m{"quote_id": before}) // what was quoted holds
	w.refused(t, c.key, "POST", "/v1/orders", c.newOrder(m{"deliver_after": noon.Add(24 * time.Hour)}), codeClosed)
	box := c.sandbox(t)
	box.place(t) // tests are welcome at any time

	c.policy(t, m{"hours": []m{}, "closed_until": noon.Add(time.Hour)}) // a storm
	if got := w.refused(t, c.key, "POST", "/v1/orders", c.newOrder(), codeClosed).text("opens_at"); got != noon.Add(time.Hour).Format(time.RFC3339) {
		t.Errorf("after the storm: %s", got)
	}
	w.refused(t, c.admin, "PATCH", "/v1/console/zones/"+c.zone.String(), m{"version": 3, "policy": m{"hours": []m{{"from": "24:00", "to": "10:00"}}}}, codeValidation)
	c.policy(t, m{"closed_until": nil})
	c.place(t)
	c.place(t, m{"quote_id": late})
}
