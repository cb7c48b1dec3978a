package people

import (
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/paidan/paidan/internal/geo"
)

// Day is a recorded day of a city.
type Day struct {
	Name     string
	Orders   []DayOrder // by placement
	Couriers []Courier
}

// ReadDay reads orders.csv and couriers.csv of a folder.
func ReadDay(dir string) (Day, error) {
	orders, err := readFile(filepath.Join(dir, "orders.csv"), readOrders)
	if err != nil {
		return Day{}, err
	}
	couriers, err := readFile(filepath.Join(dir, "couriers.csv"), readCouriers)
	if err != nil {
		return Day{}, err
	}
	slices.SortStableFunc(orders, func(a, b DayOrder) int { return int(a.Placed - b.Placed) })
	return Day{Name: filepath.Base(filepath.Clean(dir)), Orders: orders, Couriers: couriers}, nil
}

func readFile[T any](path string, read func(io.Reader, string) ([]T, error)) ([]T, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("recorded day: %w", err)
	}
	defer func() { _ = f.Close() }() // only read
	return read(f, path)
}

// Window cuts the day down to the orders placed in [from, to) and to the couriers who work at some time of it.
// Couriers whose shift has no length are left out.
func (d Day) Window(from, to time.Duration) Day {
	w := Day{Name: d.Name}
	for _, o := range d.Orders {
		if o.Placed >= from && o.Placed < to {
			w.Orders = append(w.Orders, o)
		}
	}
	for _, c := range d.Couriers {
		if c.Off > c.On && c.On < to && c.Off > from {
			w.Couriers = append(w.Couriers, c)
		}
	}
	return w
}

// quietBefore is how long before the first order of a day its replay begins.
const quietBefore = 10 * time.Minute

// trim leaves out the hours before the first order and after the last one, unless somebody asked for them.
func (d Day) trim(o ReplayOptions, from, to time.Duration) (time.Duration, time.Duration) {
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

// parseWindow reads "HH:MM" bounds; "" is the day's beginning or end.
func parseWindow(from, to string) (start, end time.Duration, err error) {
	end = 24 * time.Hour
	var ok bool
	if from != "" {
		if start, ok = parseTimeOfDay(from); !ok {
			return 0, 0, fmt.Errorf("from %q is not a time HH:MM", from)
		}
	}
	if to != "" {
		if end, ok = parseTimeOfDay(to); !ok {
			return 0, 0, fmt.Errorf("to %q is not a time HH:MM", to)
		}
	}
	if end <= start {
		return 0, 0, errors.New("the window's end is not after its beginning")
	}
	return start, end, nil
}

// site is a store: all pick-ups within a square of about 20 metres.
type site struct{ lat, lng int32 }

const perDegree = 5000 // 1/5000° ≈ 22 m

func siteOf(p geo.LatLng) site {
	return site{int32(math.Round(p.Lat * perDegree)), int32(math.Round(p.Lng * perDegree))}
}

func (s site) center() geo.LatLng {
	return geo.LatLng{Lat: float64(s.lat) / perDegree, Lng: float64(s.lng) / perDegree}
}

// sites lists the stores of the day, in a stable order.
func (d Day) sites() []site {
	seen := map[site]bool{}
	var out []site
	for _, o := range d.Orders {
		if s := siteOf(o.Pickup); !seen[s] {
			seen[s] = true
			out = append(out, s)
		}
	}
	return out
}

// cover is the area of the day: the zone cells of all pick-ups and drop-offs and those around them. Where couriers
// begin does not count: some begin in another town.
func (d Day) cover() []string {
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
