package people

import (
	"context"
	"time"

	"github.com/paidan/paidan/client"
)

// Report is how a replay went. What happened to orders is the server's word; offers, shifts and lags are the people's.
type Report struct {
	Day      string  `json:"day"`
	From     string  `json:"from"`
	To       string  `json:"to"`
	Speed    float64 `json:"speed"`
	Seed     uint64  `json:"seed"`
	Stores   int     `json:"stores"`
	Riders   int     `json:"riders"`
	ZoneID   string  `json:"zone_id"`
	StartsAt string  `json:"starts_at"` // the window's beginning on the server's clock
	WallS    float64 `json:"wall_s"`

	Orders       OrderCounts    `json:"orders"`
	Reasons      map[string]int `json:"cancel_reasons,omitempty"`
	ClickToDoor  ClickToDoor    `json:"click_to_door"`
	LatePct      float64        `json:"late_pct"`
	UnavoidPct   float64        `json:"late_unavoidable_pct"` // late, and the food was ready only after the expected drop-off
	ReadyToPickS float64        `json:"ready_to_pickup_s"`
	RiderHours   float64        `json:"rider_hours"`
	PerRiderHour float64        `json:"orders_per_rider_hour"`
	PerOrder     float64        `json:"offers_per_order"`
	DeclineRate  float64        `json:"decline_rate"`
	Offers       OfferCounts    `json:"offers"`
	API          APICounts      `json:"api"`
	RoundMs      RoundMs        `json:"round_ms"`
	Backlog      Backlog        `json:"backlog"`
	Mismatches   Mismatches     `json:"mismatches"`
	People       People         `json:"people"`
}

// OrderCounts are the orders by how they ended.
type OrderCounts struct {
	Placed    int `json:"placed"`
	Delivered int `json:"delivered"`
	Cancelled int `json:"cancelled"`
	Returned  int `json:"returned"`
	Open      int `json:"open"`
}

// ClickToDoor is the time from placement to the door, over the delivered orders.
type ClickToDoor struct {
	MeanS float64 `json:"mean_s"`
	P50S  float64 `json:"p50_s"`
	P90S  float64 `json:"p90_s"`
}

// OfferCounts are the offers as riders saw them: ignored were never answered, late were answered too late,
// gone vanished before the rider had made up its mind.
type OfferCounts struct {
	Made     int64 `json:"made"`
	Orders   int64 `json:"orders"`
	Accepted int64 `json:"accepted"`
	Declined int64 `json:"declined"`
	Ignored  int64 `json:"ignored"`
	Late     int64 `json:"late"`
	Gone     int64 `json:"gone"`
}

// APICounts are the calls of all people together. Refused are answers by code that a correct caller must expect
// when two people act at once; they are not errors.
type APICounts struct {
	Calls      int64                      `json:"calls"`
	Errors     int64                      `json:"errors"`
	Retries    int64                      `json:"retries"`
	Reconnects int64                      `json:"reconnects"`
	Refused    map[string]int64           `json:"refused"`
	Faults     map[string]int64           `json:"faults,omitempty"`
	Endpoints  map[string]EndpointLatency `json:"endpoints"`
}

// EndpointLatency is one route's, retries and their pauses included.
type EndpointLatency struct {
	client.Endpoint
	P50Ms float64 `json:"p50_ms"`
	P99Ms float64 `json:"p99_ms"`
}

// RoundMs is how long dispatch rounds took on the wall.
type RoundMs struct {
	Count int     `json:"count"`
	P50   float64 `json:"p50"`
	P99   float64 `json:"p99"`
	Max   float64 `json:"max"`
}

// People is what went on besides orders.
type People struct {
	Batches      int64    `json:"position_batches"`
	Fixes        int64    `json:"fixes"`
	RefusedSteps int64    `json:"refused_steps"`
	Failed       int64    `json:"failed_riders"`
	TooShort     int64    `json:"shifts_over_before_begun"`
	FaultCount   int      `json:"fault_count"`
	Faults       []string `json:"faults,omitempty"`
}

func (r *replay) report(ctx context.Context) (Report, error) {
	t, err := r.truth(ctx)
	if err != nil {
		return Report{}, err
	}
	rounds, err := r.rounds(ctx)
	if err != nil { // the day is worth reporting without them
		r.faults.add("rounds", err)
	}
	y := &r.tally
	hours := time.Duration(y.shiftNanos.Load()).Hours()
	answered := y.accepted.Load() + y.declined.Load()
	rep := Report{
		Day: r.day.Name, From: clockText(r.from), To: clockText(r.to), Speed: r.speed, Seed: r.o.Seed,
		Stores: len(r.stores), Riders: len(r.day.Couriers), ZoneID: r.zone, StartsAt: r.origin.Add(r.from).Format(time.RFC3339),
		Orders: OrderCounts{
			Placed: int(y.placed.Load()), Delivered: t.delivered, Cancelled: t.cancelled, Returned: t.returned, Open: t.open,
		},
		Reasons:      t.reasons,
		ClickToDoor:  ClickToDoor{mean(t.door), quantile(t.door, 0.5), quantile(t.door, 0.9)},
		LatePct:      100 * share(int64(t.late), int64(len(t.door))),
		UnavoidPct:   100 * share(int64(t.unavoidable), int64(len(t.door))),
		ReadyToPickS: mean(t.wait),
		RiderHours:   hours,
		PerOrder:     share(y.offeredOrders.Load(), y.placed.Load()),
		DeclineRate:  share(y.declined.Load(), answered),
		Offers: OfferCounts{
			Made: y.offers.Load(), Orders: y.offeredOrders.Load(), Accepted: y.accepted.Load(), Declined: y.declined.Load(),
			Ignored: y.ignored.Load(), Late: y.late.Load(), Gone: y.gone.Load(),
		},
		API:        apiCounts(r.client.Stats()),
		RoundMs:    rounds,
		Backlog:    r.lags.backlog(r.speed),
		Mismatches: t.mismatches,
		People: People{
			Batches: y.batches.Load(), Fixes: y.fixes.Load(), RefusedSteps: y.refused.Load(), Failed: y.leftEarly.Load(),
			TooShort: y.tooShort.Load(), FaultCount: r.faults.count, Faults: r.faults.first,
		},
	}
	if hours > 0 {
		rep.PerRiderHour = float64(t.delivered) / hours
	}
	return rep, nil
}

func apiCounts(s *client.Stats) APICounts {
	t := s.Total()
	out := APICounts{
		Calls: t.Calls, Errors: t.Errors, Retries: t.Retries, Reconnects: s.Reconnects.Load(),
		Refused: t.Refused, Faults: t.Faults, Endpoints: map[string]EndpointLatency{},
	}
	for name, e := range s.Endpoints() {
		out.Endpoints[name] = EndpointLatency{Endpoint: e, P50Ms: ms(e.P50), P99Ms: ms(e.P99)}
	}
	return out
}

func clockText(d time.Duration) string {
	return time.Time{}.Add(d).Format("15:04")
}
