package people

import (
	"slices"
	"time"

	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/sim/rappi"
)

// quietBefore is how long before the first order of a day its replay begins.
const quietBefore = 10 * time.Minute

// trim leaves out the hours before the first order and after the last one, unless somebody asked for them.
func trim(d rappi.Day, o ReplayOptions, from, to time.Duration) (time.Duration, time.Duration) {
	if len(d.Orders) == 0 {
		return from, to
	}
	if o.From == "" {
		from = max(0, d.Orders[0].Placed-quietBefore).Truncate(time.Minute)
	}
	if o.To == "" {
		to = (d.Orders[len(d.Orders)-1].Placed + time.Minute).Truncate(time.Minute)
	}
	return from, to
}

// cover is the area of the day: the zone cells of all pick-ups and drop-offs and those around them. Where couriers
// begin does not count: some begin in another town.
func cover(d rappi.Day) []string {
	core := map[geo.Cell]bool{}
	for _, o := range d.Orders {
		core[geo.CellOf(o.Pickup, geo.ZoneRes)] = true
		core[geo.CellOf(o.Dropoff, geo.ZoneRes)] = true
	}
	cells := map[geo.Cell]bool{}
	for c := range core {
		for _, x := range c.Disk(1) {
			cells[x] = true
		}
	}
	return hexes(cells)
}

func hexes(cells map[geo.Cell]bool) []string {
	out := make([]string, 0, len(cells))
	for c := range cells {
		out = append(out, c.String())
	}
	slices.Sort(out)
	return out
}
