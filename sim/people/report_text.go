package people

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
)

// Write prints the report for people.
func (r Report) Write(out io.Writer) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	line := func(name, format string, args ...any) {
		_, _ = fmt.Fprintf(w, "%s\t%s\n", name, fmt.Sprintf(format, args...)) // Flush tells
	}
	o := r.Orders
	line("day", "%s %s–%s at %g×, %d stores, %d riders, seed %d, %s on the wall", r.Day, r.From, r.To, r.Speed, r.Stores, r.Riders, r.Seed, seconds(r.WallS))
	line("orders", "%d placed, %d delivered, %d cancelled, %d returned, %d open", o.Placed, o.Delivered, o.Cancelled, o.Returned, o.Open)
	for _, why := range slices.Sorted(maps.Keys(r.Reasons)) {
		line("  cancelled", "%d %s", r.Reasons[why], why)
	}
	line("click-to-door", "mean %s, p50 %s, p90 %s", seconds(r.ClickToDoor.MeanS), seconds(r.ClickToDoor.P50S), seconds(r.ClickToDoor.P90S))
	line("late", "%.1f %% (%.1f %% were ready only after the expected drop-off)", r.LatePct, r.UnavoidPct)
	line("ready to pickup", "%s", seconds(r.ReadyToPickS))
	line("per rider-hour", "%.2f orders (%.0f hours on shift)", r.PerRiderHour, r.RiderHours)
	line("offers", "%.2f per order; of %d: %d accepted, %d declined (%.1f %% of answers), %d ignored, %d late, %d gone",
		r.PerOrder, r.Offers.Made, r.Offers.Accepted, r.Offers.Declined, 100*r.DeclineRate, r.Offers.Ignored, r.Offers.Late, r.Offers.Gone)
	line("API", "%d calls, %d errors, %d retries, %d reconnects; refused: %s", r.API.Calls, r.API.Errors, r.API.Retries, r.API.Reconnects, countsText(r.API.Refused))
	line("positions", "%d fixes in %d batches", r.People.Fixes, r.People.Batches)
	line("rounds", "%d; p50 %.0f ms, p99 %.0f ms, max %.0f ms", r.RoundMs.Count, r.RoundMs.P50, r.RoundMs.P99, r.RoundMs.Max)
	b := r.Backlog
	line("people behind", "p99 %.0f ms (%.1f s of the city), max %.0f ms; p99 by halves %.0f → %.0f ms%s",
		b.P99Ms, b.P99S, b.MaxMs, b.FirstP99Ms, b.SecondP99Ms, map[bool]string{true: ": GROWING"}[b.Growing])
	for _, k := range slices.Sorted(maps.Keys(b.Kinds)) {
		x := b.Kinds[k]
		line("  "+k, "%d, p50 %.0f ms, p99 %.0f ms, max %.0f ms", x.Count, x.P50Ms, x.P99Ms, x.MaxMs)
	}
	if m := r.Mismatches; m.any() {
		line("MISMATCH", "%d lost, %d doubled, %d foreign, %d believed otherwise", m.Lost, m.Doubled, m.Foreign, m.State)
	}
	for _, text := range slices.Sorted(maps.Keys(r.API.Faults)) {
		line("error", "%d × %s", r.API.Faults[text], text)
	}
	for _, text := range r.People.Faults {
		line("fault", "%s", text)
	}
	return w.Flush()
}

func countsText(m map[string]int64) string {
	if len(m) == 0 {
		return "none"
	}
	var parts []string
	for _, k := range slices.Sorted(maps.Keys(m)) {
		parts = append(parts, fmt.Sprintf("%d %s", m[k], k))
	}
	return strings.Join(parts, ", ")
}

func seconds(s float64) string {
	return time.Duration(s * float64(time.Second)).Round(time.Second).String()
}
