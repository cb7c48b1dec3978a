package rappi

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/paidan/paidan/internal/geo"
)

// The columns. Times of day are "HH:MM:SS".
var (
	orderColumns   = []string{"order_id", "pick_up_lat", "pick_up_lng", "drop_off_lat", "drop_off_lng", "placement_time", "preparation_time", "ready_time", "expected_drop_off_time"}
	courierColumns = []string{"courier_id", "vehicle", "on_lat", "on_lng", "on_time", "off_time"}
)

// vehicles are the kinds that a courier may have.
var vehicles = []string{"walking", "bicycle", "ebike", "motorcycle", "car"}

// Order is one order of a recorded day. Times count from its midnight and may lie beyond the next one.
type Order struct {
	ID              string
	Pickup, Dropoff geo.LatLng
	Placed, Begun   time.Duration // Begun: the kitchen starts
	Ready, Expected time.Duration
}

// Courier is one rider's shift of a recorded day.
type Courier struct {
	ID      string
	Vehicle string
	At      geo.LatLng
	On, Off time.Duration
}

// readOrders reads orders.csv. An error names the file, the line and the column.
func readOrders(in io.Reader, file string) ([]Order, error) {
	seen := map[string]bool{}
	return readRows(in, file, orderColumns, func(r *row) Order {
		o := Order{
			ID:      r.unique("order_id", seen),
			Pickup:  r.place("pick_up_lat", "pick_up_lng"),
			Dropoff: r.place("drop_off_lat", "drop_off_lng"),
			Placed:  r.timeOfDay("placement_time"),
		}
		o.Begun = r.timeAfter("preparation_time", o.Placed)
		o.Ready = r.timeAfter("ready_time", o.Placed)
		o.Expected = r.timeAfter("expected_drop_off_time", o.Placed)
		return o
	})
}

// readCouriers reads couriers.csv.
func readCouriers(in io.Reader, file string) ([]Courier, error) {
	seen := map[string]bool{}
	return readRows(in, file, courierColumns, func(r *row) Courier {
		c := Courier{
			ID:      r.unique("courier_id", seen),
			Vehicle: r.vehicle("vehicle"),
			At:      r.place("on_lat", "on_lng"),
			On:      r.timeOfDay("on_time"),
		}
		c.Off = r.timeAfter("off_time", c.On)
		return c
	})
}

// readRows reads a table with a header that has at least the columns, in any order.
func readRows[T any](in io.Reader, file string, columns []string, parse func(*row) T) ([]T, error) {
	cr := csv.NewReader(in)
	cr.ReuseRecord = true
	header, err := cr.Read()
	if errors.Is(err, io.EOF) {
		return nil, fmt.Errorf("%s: empty; want a header with %s", file, strings.Join(columns, ","))
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	r := &row{file: file, csv: cr, index: make(map[string]int, len(header))}
	for i, name := range header {
		r.index[strings.TrimSpace(strings.TrimPrefix(name, "\ufeff"))] = i
	}
	for _, name := range columns {
		if _, ok := r.index[name]; !ok {
			return nil, fmt.Errorf("%s:1: column %s is missing", file, name)
		}
	}
	var out []T
	for {
		if r.fields, err = cr.Read(); errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		x := parse(r)
		if r.err != nil {
			return nil, r.err
		}
		out = append(out, x)
	}
}

// row is one line being read. It keeps its first fault.
type row struct {
	file   string
	csv    *csv.Reader
	index  map[string]int
	fields []string
	err    error
}

func (r *row) text(column string) string { return strings.TrimSpace(r.fields[r.index[column]]) }

func (r *row) fault(column, want string) {
	if r.err == nil {
		line, _ := r.csv.FieldPos(r.index[column])
		r.err = fmt.Errorf("%s:%d:%s: %q is not %s", r.file, line, column, r.text(column), want)
	}
}

func (r *row) unique(column string, seen map[string]bool) string {
	s := strings.Clone(r.text(column))
	if s == "" || len(s) > 64 {
		r.fault(column, "an id")
	}
	if seen[s] {
		r.fault(column, "new: the id is there twice")
	}
	seen[s] = true
	return s
}

func (r *row) place(lat, lng string) geo.LatLng {
	return geo.LatLng{Lat: r.degrees(lat, 90), Lng: r.degrees(lng, 180)}
}

func (r *row) degrees(column string, limit float64) float64 {
	x, err := strconv.ParseFloat(r.text(column), 64)
	if err != nil || !(x >= -limit && x <= limit) {
		r.fault(column, fmt.Sprintf("a number between -%g and %g", limit, limit))
	}
	return x
}

func (r *row) vehicle(column string) string {
	s := r.text(column)
	if !slices.Contains(vehicles, s) {
		r.fault(column, "a vehicle (walking, bicycle, ebike, motorcycle, car)")
	}
	return strings.Clone(s)
}

func (r *row) timeOfDay(column string) time.Duration {
	d, ok := ParseTimeOfDay(r.text(column))
	if !ok {
		r.fault(column, "a time HH:MM:SS")
	}
	return d
}

// timeAfter is a time of day at or after another. One that seems to be more than half a day before it is of the next day.
func (r *row) timeAfter(column string, start time.Duration) time.Duration {
	d := r.timeOfDay(column)
	if d >= start {
		return d
	}
	if start-d > 12*time.Hour {
		return d + 24*time.Hour
	}
	r.fault(column, "after the time that it follows")
	return d
}

// ParseTimeOfDay reads HH:MM or HH:MM:SS, up to 24:00, as the time since midnight.
func ParseTimeOfDay(s string) (time.Duration, bool) {
	parts := strings.Split(s, ":")
	if len(parts) < 2 || len(parts) > 3 {
		return 0, false
	}
	var total time.Duration
	for i, unit := range []time.Duration{time.Hour, time.Minute, time.Second}[:len(parts)] {
		n, err := strconv.ParseUint(parts[i], 10, 8)
		if err != nil || len(parts[i]) != 2 || i > 0 && n > 59 {
			return 0, false
		}
		total += time.Duration(n) * unit
	}
	return total, total <= 24*time.Hour
}
