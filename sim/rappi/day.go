// Package rappi reads recorded days of Colombian cities (github.com/sebastian-quintero/mdrp-sim): a folder with orders.csv and
// couriers.csv for each day.
package rappi

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
	Orders   []Order // by placement
	Couriers []Courier
}

// Read reads orders.csv and couriers.csv of a folder.
func Read(dir string) (Day, error) {
	orders, err := readFile(filepath.Join(dir, "orders.csv"), readOrders)
	if err != nil {
		return Day{}, err
	}
	couriers, err := readFile(filepath.Join(dir, "couriers.csv"), readCouriers)
	if err != nil {
		return Day{}, err
	}
	slices.SortStableFunc(orders, func(a, b Order) int { return int(a.Placed - b.Placed) })
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

// ParseWindow reads "HH:MM" bounds; "" is the day's beginning or end.
func ParseWindow(from, to string) (start, end time.Duration, err error) {
	end = 24 * time.Hour
	var ok bool
	if from != "" {
		if start, ok = ParseTimeOfDay(from); !ok {
			return 0, 0, fmt.Errorf("from %q is not a time HH:MM", from)
		}
	}
	if to != "" {
		if end, ok = ParseTimeOfDay(to); !ok {
			return 0, 0, fmt.Errorf("to %q is not a time HH:MM", to)
		}
	}
	if end <= start {
		return 0, 0, errors.New("the window's end is not after its beginning")
	}
	return start, end, nil
}

// Site is a store: all pick-ups within a square of about 20 metres.
type Site struct{ lat, lng int32 }

const perDegree = 5000 // 1/5000° ≈ 22 m

// SiteOf is the store at which an order is picked up.
func SiteOf(p geo.LatLng) Site {
	return Site{int32(math.Round(p.Lat * perDegree)), int32(math.Round(p.Lng * perDegree))}
}

// Center is the middle of the square.
func (s Site) Center() geo.LatLng {
	return geo.LatLng{Lat: float64(s.lat) / perDegree, Lng: float64(s.lng) / perDegree}
}

// Sites lists the stores of the day, in a stable order.
func (d Day) Sites() []Site {
	seen := map[Site]bool{}
	var out []Site
	for _, o := range d.Orders {
		if s := SiteOf(o.Pickup); !seen[s] {
			seen[s] = true
			out = append(out, s)
		}
	}
	return out
}
