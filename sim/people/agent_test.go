package people

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/paidan/paidan/client"
	"github.com/paidan/paidan/client/clienttest"
	"github.com/paidan/paidan/internal/clock"
	"github.com/paidan/paidan/sim/florence"
)

// platform is just enough of a server for one rider: it offers orders, keeps the plan, and writes down each step once.
type platform struct {
	net *clienttest.Net

	mu      sync.Mutex
	version int64
	stops   []client.Stop
	offers  []client.Offer
	pool    []client.Lot
	changed chan struct{}
	log     []string // "step order", or "fixes n"
	actions map[string]bool
	sentAs  map[string][]string // step → action ids it came with
	lose    string              // the step whose first answer is lost with the server
	end     time.Time
	lastFix client.LatLng

	begin    time.Time
	breaks   []time.Time                  // when each began, and ended
	hoursNow func(*platform) client.Hours // nil: nothing is limited
}

func newPlatform(n *clienttest.Net) *platform {
	return &platform{net: n, changed: make(chan struct{}), actions: map[string]bool{}, sentAs: map[string][]string{}}
}

// tell wakes the stream; the caller holds mu.
func (p *platform) tell() {
	p.version++
	close(p.changed)
	p.changed = make(chan struct{})
}

func (p *platform) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path := strings.TrimPrefix(r.URL.Path, "/v1/rider/")
	if path == "stream" {
		p.stream(w, r)
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	var in struct {
		ActionID string          `json:"action_id"`
		Fixes    []client.LatLng `json:"fixes"`
	}
	_ = json.NewDecoder(r.Body).Decode(&in)
	var out any = struct{}{}
	parts := strings.Split(path, "/")
	switch parts[0] {
	case "enrol":
		out = map[string]any{"access_token": "a", "expires_in_s": 1 << 30}
	case "shift":
		if p.begin = time.Now(); parts[1] == "end" {
			p.end = p.begin
		}
		out = client.Shift{StartedAt: time.Now()}
	case "me":
		me := client.Me{Shift: &client.Shift{StartedAt: p.begin}}
		if len(p.breaks)%2 == 1 {
			me.Shift.BreakSince = &p.breaks[len(p.breaks)-1]
		}
		if p.hoursNow != nil {
			me.Hours = p.hoursNow(p)
		}
		out = me
	case "break":
		p.breaks = append(p.breaks, time.Now())
		out = client.Shift{}
	case "positions":
		p.lastFix = in.Fixes[len(in.Fixes)-1]
	case "plan":
		out = client.Plan{Version: p.version, Stops: p.stops}
	case "offers":
		out = p.offer(parts[2])
	case "pool":
		p.log = append(p.log, "claim "+parts[1])
		p.pool, p.stops = nil, []client.Stop{pickup("a"), dropoff("a")}
		p.tell()
		out = map[string]any{"claim": client.Claim{OrderID: parts[1], State: client.ClaimWon}, "plan": client.Plan{Version: p.version, Stops: p.stops}}
	case "orders":
		if !p.step(parts[2]+" "+parts[1], in.ActionID) {
			panic(http.ErrAbortHandler)
		}
	}
	_ = json.NewEncoder(w).Encode(out)
}

func (p *platform) offer(answer string) client.Plan {
	p.log = append(p.log, answer)
	if answer != "seen" {
		p.offers = nil
	}
	if answer == "accept" {
		p.stops = []client.Stop{pickup("a"), pickup("b"), dropoff("b"), dropoff("a")}
	}
	p.tell()
	return client.Plan{Version: p.version, Stops: p.stops}
}

// step reports whether the answer arrives.
func (p *platform) step(what, action string) bool {
	p.sentAs[what] = append(p.sentAs[what], action)
	if !p.actions[action] {
		p.actions[action] = true
		p.log = append(p.log, what)
		name, order, _ := strings.Cut(what, " ")
		kind := map[string]string{client.PickUp: client.Pickup, client.Deliver: client.DropOff}[name]
		p.stops = slices.DeleteFunc(slices.Clone(p.stops), func(s client.Stop) bool { return s.OrderID == order && s.Kind == kind })
		p.tell()
	}
	if what != p.lose {
		return true
	}
	p.lose = ""
	go func() {
		p.net.Kill()
		time.Sleep(25 * time.Second)
		p.net.Start(p)
	}()
	return false
}

func (p *platform) stream(w http.ResponseWriter, r *http.Request) {
	name := "snapshot"
	for {
		p.mu.Lock()
		b, _ := json.Marshal(client.Work{Plan: client.Plan{Version: p.version, Stops: p.stops}, Offers: p.offers, Pool: p.pool})
		changed := p.changed
		p.mu.Unlock()
		_, _ = fmt.Fprintf(w, "event: %s\ndata: %s\n\n", name, b)
		w.(http.Flusher).Flush()
		name = "changed"
		for again := false; !again; {
			select {
			case <-changed:
				again = true
			case <-time.After(15 * time.Second):
				_, _ = fmt.Fprint(w, ": still here\n\n")
				w.(http.Flusher).Flush()
			case <-r.Context().Done():
				return
			}
		}
	}
}

// work has a rider, who accepts everything, live through a shift of two hours with one offer of two orders.
func work(t *testing.T, p *platform, prepare func(*agent)) *agent {
	t.Helper()
	p.net.Start(p)
	t.Cleanup(p.net.Kill)
	c := client.New(client.Options{URL: clienttest.URL, Dial: p.net.Dial})
	t.Cleanup(c.Close)
	rider, err := c.Enrol(t.Context(), "code")
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld(clock.System{}, c, slog.New(slog.DiscardHandler))
	now := time.Now()
	w.jobs.add(&job{id: "a", readyAt: now.Add(30 * time.Minute)})
	w.jobs.add(&job{id: "b", readyAt: now.Add(20 * time.Minute)})
	p.offers = []client.Offer{{ID: "off_1", State: "open", OrderIDs: []string{"a", "b"}}}
	d := florence.NewDice(1, "anna")
	person := newPerson("bicycle", manners{}, d)
	a := newAgent(w, person, d, rider, home, now.Add(2*time.Hour))
	if prepare != nil {
		prepare(a)
	}
	if err := a.run(t.Context(), now); err != nil {
		t.Fatal(err)
	}
	return a
}

var bothDelivered = []string{
	"seen", "accept", "arrive-store a", "arrive-store b", "pickup a", "pickup b", "arrive-door b", "deliver b", "arrive-door a", "deliver a",
}

func TestARidersShift(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		begin := time.Now()
		p := newPlatform(&clienttest.Net{})
		a := work(t, p, nil)
		if !slices.Equal(p.log, bothDelivered) {
			t.Errorf("steps: %q", p.log)
		}
		if took := p.end.Sub(begin); took < 2*time.Hour || took > 2*time.Hour+time.Minute {
			t.Errorf("the shift ended after %v", took)
		}
		y := &a.tally
		if y.delivered.Load() != 2 || y.accepted.Load() != 1 || y.onShift.Load() != 0 || y.busy.Load() != 0 || y.fixes.Load() < 200 {
			t.Errorf("%d delivered, %d accepted, %d on shift, %d busy, %d fixes", y.delivered.Load(), y.accepted.Load(), y.onShift.Load(), y.busy.Load(), y.fixes.Load())
		}
		if a.jobs.open("a") || a.jobs.open("b") {
			t.Error("nobody knows of the delivery")
		}
		if p.lastFix.Lat < home.Lat-0.001 || p.lastFix.Lat > home.Lat+0.001 {
			t.Errorf("last seen at %v", p.lastFix)
		}
		if total := a.client.Stats().Total(); total.Errors != 0 || total.Retries != 0 || total.Calls > 500 {
			t.Errorf("%d calls, %d errors, %d retries", total.Calls, total.Errors, total.Retries)
		}
	})
}

// An hour without a break is allowed, a quarter counts as one, and the day has two hours: the rider, who is bringing food when the break falls due,
// takes it when that is done, and goes home when the hours are over, long before the shift.
func TestARiderRests(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newPlatform(&clienttest.Net{})
		p.hoursNow = func(p *platform) client.Hours {
			stretch, end := p.begin, p.begin.Add(2*time.Hour)
			for i := 0; i+1 < len(p.breaks); i += 2 {
				stretch, end = p.breaks[i+1], end.Add(p.breaks[i+1].Sub(p.breaks[i]))
			}
			due := stretch.Add(time.Hour)
			if n := len(p.breaks); n%2 == 1 && time.Since(p.breaks[n-1]) >= 15*time.Minute {
				return client.Hours{MustEndAt: &end}
			}
			return client.Hours{BreakDueAt: &due, MustEndAt: &end}
		}
		begin := time.Now()
		a := work(t, p, func(a *agent) {
			a.ends = begin.Add(5 * time.Hour)
			a.jobs.add(&job{id: "a", readyAt: begin.Add(55 * time.Minute)})
		})
		if !slices.Equal(p.log, bothDelivered) || len(p.breaks) < 2 {
			t.Fatalf("steps %q, breaks %v", p.log, p.breaks)
		}
		first := p.breaks[0].Sub(begin)
		if first <= time.Hour || first > 80*time.Minute || a.stop.OrderID != "a" {
			t.Errorf("the break began after %v", first)
		}
		if took := p.breaks[1].Sub(p.breaks[0]); took < 15*time.Minute || took > 16*time.Minute {
			t.Errorf("the break took %v", took)
		}
		end := 2 * time.Hour
		for i := 0; i < len(p.breaks); i += 2 {
			end += p.breaks[i+1].Sub(p.breaks[i])
		}
		if took := p.end.Sub(begin); took < end || took > end+time.Minute {
			t.Errorf("the shift ended after %v, the hours after %v", took, end)
		}
		if n := a.tally.breaks.Load(); int(n) != len(p.breaks)/2 {
			t.Errorf("%d breaks, %v", n, p.breaks)
		}
	})
}

// A rider without work claims from the pool, and delivers what the claim has won.
func TestARiderClaimsFromThePool(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newPlatform(&clienttest.Net{})
		p.pool = []client.Lot{{OrderIDs: []string{"a"}}, {OrderIDs: []string{"z"}}}
		a := work(t, p, func(*agent) { p.offers = nil })
		if want := []string{"claim a", "arrive-store a", "pickup a", "arrive-door a", "deliver a"}; !slices.Equal(p.log, want) {
			t.Errorf("steps: %q", p.log)
		}
		if y := &a.tally; y.claims.Load() != 1 || y.claimed.Load() != 1 || y.delivered.Load() != 1 {
			t.Errorf("%d claims, %d won, %d delivered", y.claims.Load(), y.claimed.Load(), y.delivered.Load())
		}
	})
}

// Whichever answer gets lost with the server: nothing is done twice and nothing is left undone.
func TestARiderSurvivesTheServersDeath(t *testing.T) {
	t.Parallel()
	for _, step := range bothDelivered[2:] {
		t.Run(step, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				p := newPlatform(&clienttest.Net{})
				p.lose = step
				a := work(t, p, nil)
				if !slices.Equal(p.log, bothDelivered) {
					t.Errorf("steps: %q", p.log)
				}
				if ids := p.sentAs[step]; len(ids) < 2 || ids[0] != ids[1] {
					t.Errorf("sent as %q", ids)
				}
				if a.client.Stats().Total().Errors != 0 {
					t.Errorf("errors: %v", a.client.Stats().Total().Faults)
				}
			})
		})
	}
}

func TestFoodThatCannotBeHandedOverGoesBack(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		p := newPlatform(&clienttest.Net{})
		a := work(t, p, func(a *agent) { a.person.failure = 1 })
		want := []string{"arrive-door b", "fail b", "return b", "arrive-door a", "fail a", "return a"}
		if got := p.log[len(p.log)-6:]; !slices.Equal(got, want) {
			t.Errorf("steps: %q", got)
		}
		if a.tally.failed.Load() != 2 || a.jobs.open("a") {
			t.Error("the failures are not known")
		}
	})
}
