package backtest

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// rows are Metrics' numbers as the table has them.
var rows = []struct {
	name, title string
	decimals    int
	of          func(*Metrics) float64
}{
	{"orders", "orders", 0, func(m *Metrics) float64 { return float64(m.Orders) }},
	{"delivered", "delivered", 0, func(m *Metrics) float64 { return float64(m.Delivered) }},
	{"undelivered_pct", "undelivered, %", 2, func(m *Metrics) float64 { return m.Undelivered }},
	{"ctd_mean", "click-to-door, mean, min", 2, func(m *Metrics) float64 { return m.CTDMean }},
	{"ctd_p90", "click-to-door, p90, min", 2, func(m *Metrics) float64 { return m.CTDP90 }},
	{"late_pct", "late, %", 2, func(m *Metrics) float64 { return m.Late }},
	{"late_mean", "late, mean, min", 2, func(m *Metrics) float64 { return m.LateMean }},
	{"rtp", "ready-to-pickup, mean, min", 2, func(m *Metrics) float64 { return m.RTP }},
	{"orders_per_rider_hour", "orders per rider-hour", 3, func(m *Metrics) float64 { return m.PerHour }},
	{"riders", "riders", 0, func(m *Metrics) float64 { return float64(m.Riders) }},
	{"shift_hours", "shift hours", 1, func(m *Metrics) float64 { return m.ShiftHours }},
}

// Write writes what was taken, the table, and how to read it.
func (r *Report) Write(w io.Writer) error {
	var b strings.Builder
	const minutes = "2006-01-02 15:04"
	fmt.Fprintf(&b, "zone %s, %s to %s, %s\n", r.Name, r.From.Format(minutes), r.To.Format(minutes), r.From.Location())
	t := r.Taken
	fmt.Fprintf(&b, "%d orders; %d more were cancelled before pickup and are left out\n", t.Orders, t.Cancelled)
	for _, note := range []struct {
		n    int
		says string
	}{
		{t.Returned, "picked up but not delivered, which the simulations don't know: they deliver them"},
		{t.Open, "not ended yet: not delivered, as far as is recorded"},
		{t.Estimated, "never called ready by the store: ready when last expected, or picked up"},
	} {
		if note.n > 0 {
			fmt.Fprintf(&b, "  %d %s\n", note.n, note.says)
		}
	}
	fmt.Fprintf(&b, "%d shifts", t.Shifts)
	if t.Unseen > 0 {
		fmt.Fprintf(&b, ", %d of them without a position: they begin in the middle of the zone", t.Unseen)
	}
	b.WriteString("\n\n")
	r.table(&b)
	for _, c := range []struct {
		name string
		of   *Metrics
	}{{"zone's policy", &r.Own}, {r.Policy, r.Other}} {
		if c.of != nil && c.of.Work != nil {
			fmt.Fprintf(&b, "work, %s: %v\n", c.name, c.of.Work)
		}
	}
	if r.Other == nil {
		b.WriteString("\nThe difference is how far the simulator is from what happened.\n")
	} else {
		b.WriteString("\nCompare the two simulations with each other: they leave out the same things. How far the first one is from the record shows\nhow much that is.\n")
	}
	_, err := io.WriteString(w, b.String())
	return err
}

func (r *Report) table(b *strings.Builder) {
	heads := []string{"recorded", "zone's policy"}
	columns := []*Metrics{&r.Recorded, &r.Own}
	last := "simulated-recorded"
	if r.Other != nil {
		heads, columns = append(heads, r.Policy), append(columns, r.Other)
		last = r.Policy + "-zone's"
	}
	line := func(title string, cells []string) {
		fmt.Fprintf(b, "%-28s", title)
		for i, c := range cells {
			wide := max(13, utf8.RuneCountInString(append(heads[:len(heads):len(heads)], last)[i]))
			fmt.Fprintf(b, "  %*s", wide, c)
		}
		b.WriteByte('\n')
	}
	line("", append(heads[:len(heads):len(heads)], last))
	for _, row := range rows {
		cells := make([]string, 0, len(columns)+1)
		for _, m := range columns {
			cells = append(cells, fmt.Sprintf("%.*f", row.decimals, row.of(m)))
		}
		line(row.title, append(cells, fmt.Sprintf("%+.*f", row.decimals, r.Difference[row.name])))
	}
}
