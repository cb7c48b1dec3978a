package api

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/rider"
)

// events reads a stream.
type events struct {
	status int
	kind   string // Content-Type
	body   io.ReadCloser
	from   *bufio.Reader
}

type event struct {
	name string
	data []byte
	json m
}

func (w *world) open(ctx context.Context, t testing.TB, who cred, path string) *events {
	t.Helper()
	ctx, cancel := context.WithTimeout(ctx, time.Minute) // what is waited for in vain ends the test, not the run
	t.Cleanup(cancel)
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, w.url+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	who(req)
	res, err := w.client.Do(req) //nolint:bodyclose // events.close does
	if err != nil {
		t.Fatal(err)
	}
	return &events{res.StatusCode, res.Header.Get("Content-Type"), res.Body, bufio.NewReaderSize(res.Body, 1<<20)}
}

func (e *events) close() { _ = e.body.Close() }

// line reads one, without its end; false when the stream has ended.
func (e *events) line() (string, bool) {
	s, err := e.from.ReadString('\n')
	return strings.TrimSuffix(s, "\n"), err == nil
}

// next reads one event; pings are passed over.
func (e *events) next(t testing.TB) event {
	t.Helper()
	var ev event
	for {
		s, ok := e.line()
		switch {
		case !ok:
			t.Fatal("the stream has ended")
		case s == "" && ev.name != "":
			if err := json.Unmarshal(ev.data, &ev.json); err != nil {
				t.Fatalf("%s: %v", ev.data, err)
			}
			return ev
		case strings.HasPrefix(s, "event: "):
			ev.name = s[7:]
		case strings.HasPrefix(s, "data: "):
			ev.data = []byte(s[6:])
		}
	}
}

// until reads events until one of that name pleases.
func (e *events) until(t testing.TB, name string, good func(m) bool) event {
	t.Helper()
	for {
		if ev := e.next(t); ev.name == name && good(ev.json) {
			return ev
		}
	}
}

func any1(m) bool { return true }

func rowsOf(j m) []m {
	var out []m
	rows, _ := j["rows"].([]any)
	for _, r := range rows {
		out = append(out, r.(m))
	}
	return out
}

func TestRiderStream(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.company(t)
	c.onShift(t)
	st := w.open(t.Context(), t, c.phone, "/v1/rider/stream")
	defer st.close()
	if st.kind != eventStream {
		t.Fatalf("%d %s", st.status, st.kind)
	}
	first := st.next(t)
	if first.name != "snapshot" || len(first.json["offers"].([]any)) != 0 {
		t.Fatalf("%s %s", first.name, first.data)
	}
	oid := c.place(t)
	offer := c.offer(t, oid)
	ev := st.until(t, "changed", func(j m) bool { return len(j["offers"].([]any)) == 1 })
	if ev.json["offers"].([]any)[0].(m)["id"] != offer.String() {
		t.Errorf("%s", ev.data)
	}
	w.ok(t, c.phone, "POST", "/v1/rider/offers/"+offer.String()+"/accept", w.act())
	st.until(t, "changed", func(j m) bool { return len(j["offers"].([]any)) == 0 && len(j["plan"].(m)["stops"].([]any)) == 2 })
	// The token's end is the stream's.
	w.clock.Advance(tokenLife + time.Second)
	for {
		if _, ok := st.line(); !ok {
			return
		}
	}
}

// A proxy speaks HTTP/2 to the server: there a deadline for writing ends a stream even while nothing is written.
func TestStreamOverHTTP2OutlivesTheDeadlineOfItsLastWrite(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(d *Deps) {
		d.Config.Streams.WriteTimeout, d.Config.Streams.Heartbeat = 100*time.Millisecond, 250*time.Millisecond
	})
	c := w.company(t)
	srv := httptest.NewUnstartedServer(w.api.Handler())
	srv.Config.Protocols = new(http.Protocols)
	srv.Config.Protocols.SetUnencryptedHTTP2(true)
	srv.Start()
	defer srv.Close()
	defer w.api.Close()
	transport := &http.Transport{Protocols: srv.Config.Protocols}
	defer transport.CloseIdleConnections()
	w.url, w.client = srv.URL, &http.Client{Transport: transport}
	st := w.open(t.Context(), t, c.phone, "/v1/rider/stream")
	defer st.close()
	st.next(t)
	for pings := 0; pings < 3; {
		line, ok := st.line()
		if !ok {
			t.Fatalf("the stream ended after %d pings", pings)
		}
		if strings.HasPrefix(line, ":") {
			pings++
		}
	}
}

func TestConsoleStream(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.company(t)
	before := c.place(t)
	st := w.open(t.Context(), t, c.viewer, "/v1/console/stream?zone_id="+c.zone.String())
	defer st.close()
	first := st.next(t)
	if first.name != "snapshot" || len(first.json["orders"].([]any)) != 1 || len(first.json["stores"].([]any)) != 1 || first.json["speed"] != 1.0 {
		t.Fatalf("%s %s", first.name, first.data)
	}
	if row := first.json["orders"].([]any)[0].(m); row["id"] != before || row["store_name"] != "Da Mario" {
		t.Errorf("row %v", row)
	}

	is := func(oid, state string) func(m) bool {
		return func(j m) bool {
			for _, r := range rowsOf(j) {
				if r["id"] == oid && r["state"] == state {
					return true
				}
			}
			return false
		}
	}
	oid := c.place(t)
	st.until(t, "orders", is(oid, "pending"))
	c.onShift(t)
	st.until(t, "riders", func(j m) bool { return rowsOf(j)[0]["presence"] == "idle" && rowsOf(j)[0]["lat"] == duomo.Lat })
	offer := c.offer(t, oid)
	ev := st.until(t, "orders", is(oid, "offered"))
	if row := rowsOf(ev.json)[0]; row["offer_rider_id"] != c.rider.ID.String() || row["reason"] != "offer_open" {
		t.Errorf("row %v", row)
	}
	w.ok(t, c.phone, "POST", "/v1/rider/offers/"+offer.String()+"/accept", w.act())
	st.until(t, "orders", func(j m) bool {
		return is(oid, "assigned")(j) && rowsOf(j)[0]["eta_at"] == "2026-03-02T12:15:26Z"
	})
	w.clock.Advance(30 * time.Second)
	w.ok(t, c.phone, "POST", "/v1/rider/positions", m{"fixes": []m{{"seq": 9, "at": w.clock.Now(), "lat": 43.7735, "lng": 11.2561, "accuracy_m": 4, "heading_deg": 90}}})
	moved := st.until(t, "positions", func(j m) bool { return j["p"].([]any)[0].([]any)[3] == 90.0 })
	if p := moved.json["p"].([]any)[0].([]any); p[0] != c.rider.ID.String() || p[1] != 43.7735 {
		t.Errorf("moved %v", p)
	}
	st.until(t, "kpi", func(j m) bool { return j["open"] == 2.0 && j["assigned"] == 1.0 && j["riders_working"] == 1.0 })
	// Time alone makes a silent rider stale, and old ends go.
	w.ok(t, c.key, "POST", "/v1/orders/"+before+"/cancel", m{"reason": "x"})
	st.until(t, "orders", is(before, "cancelled"))
	w.clock.Advance(rider.DefaultStaleAfter + time.Second)
	st.until(t, "riders", func(j m) bool { return rowsOf(j)[0]["presence"] == "stale" })
	w.clock.Advance(shownFor)
	gone := st.until(t, "orders", func(j m) bool { return len(j["gone"].([]any)) == 1 })
	if gone.json["gone"].([]any)[0] != before {
		t.Errorf("%s", gone.data)
	}
	// A second console sees the same, without the order that is gone.
	other := w.open(t.Context(), t, c.admin, "/v1/console/stream?zone_id="+c.zone.String())
	defer other.close()
	if snap := other.next(t); len(snap.json["orders"].([]any)) != 1 || len(snap.json["riders"].([]any)) != 1 {
		t.Errorf("%s", snap.data)
	}
}

func TestResyncFindsWhatTheBusLost(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(d *Deps) { d.Config.Streams.Resync = 20 * time.Millisecond })
	c := w.company(t)
	oid := c.place(t)
	st := w.open(t.Context(), t, c.viewer, "/v1/console/stream?zone_id="+c.zone.String())
	defer st.close()
	st.until(t, "snapshot", any1)
	c.decide(t, oid, "no_rider") // no message tells of it
	st.until(t, "orders", func(j m) bool { return rowsOf(j)[0]["reason"] == "no_rider" })
}

func TestSlowConsoleIsDropped(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(d *Deps) { d.Config.Streams.ClientBuffer = 1 })
	c := w.company(t)
	f, err := w.api.feeds.join(t.Context(), zoneKey{c.tenant, c.zone})
	if err != nil {
		t.Fatal(err)
	}
	defer w.api.feeds.leave(f)
	slow, first, err := f.enter()
	if err != nil || !bytes.Contains(first, []byte("event: snapshot")) {
		t.Fatalf("%s, %v", first, err)
	}
	<-slow.slow // figures come every few milliseconds, and nobody takes them
	f.mu.Lock()
	left := len(f.clients)
	f.mu.Unlock()
	if left != 0 {
		t.Errorf("%d clients", left)
	}
	if _, again, err := f.enter(); err != nil || !bytes.Contains(again, []byte("event: snapshot")) {
		t.Errorf("%s, %v", again, err)
	}
}

func TestStreamsEndWhenTheServerCloses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.company(t)
	a := w.open(t.Context(), t, c.phone, "/v1/rider/stream")
	b := w.open(t.Context(), t, c.viewer, "/v1/console/stream?zone_id="+c.zone.String())
	a.next(t)
	b.next(t)
	w.api.Close()
	for _, st := range []*events{a, b} {
		for {
			if _, ok := st.line(); !ok {
				break
			}
		}
		st.close()
	}
	w.refused(t, c.viewer, "GET", "/v1/console/stream?zone_id="+c.zone.String(), nil, codeUnavailable)
	if r := w.do(t, nobodyAtAll, "GET", "/readyz", nil); r.status != http.StatusServiceUnavailable {
		t.Errorf("still ready: %s", r.raw)
	}
}

func TestStreamEndsWithTheSession(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(d *Deps) { d.Config.Streams.CheckSession = 20 * time.Millisecond })
	c := w.company(t)
	st := w.open(t.Context(), t, c.viewer, "/v1/console/stream?zone_id="+c.zone.String())
	defer st.close()
	st.next(t)
	if err := SetPassword(t.Context(), w.db, c.tenant, "viewer@example.com", "another horse"); err != nil {
		t.Fatal(err)
	}
	w.clock.Advance(recheck)
	for {
		if _, ok := st.line(); !ok {
			return
		}
	}
}

// decide writes a decision as a round would, and tells nobody.
func (c *company) decide(t testing.TB, oid, reason string) {
	t.Helper()
	var o id.Order
	if err := o.UnmarshalText([]byte(oid)); err != nil {
		t.Fatal(err)
	}
	c.w.exec(t, c.tenant, `INSERT INTO decisions (tenant_id, order_id, first_at, last_at, round_id, kind, reason) VALUES ($1, $2, $3, $3, $4, 'waiting', $5)`,
		c.tenant, o, c.w.clock.Now(), id.NewRound(), reason)
}
