package sim

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// MDRP is an instance of the meal delivery routing problem as Grubhub published them (github.com/grubhub/mdrplib): one
// day of a market, on a plane. Times are whole minutes of the day, distances metres.
type MDRP struct {
	Name        string
	Couriers    []MDRPCourier
	Orders      []MDRPOrder // by placement
	Restaurants []MDRPRestaurant

	MetresPerMinute float64
	PickupService   int // minutes, half before and half after the pickup
	DropoffService  int // minutes, half before and half after the drop-off
	Target          int // click-to-door to aim at, minutes
	PayPerOrder     float64
	PayPerHour      float64 // guaranteed
}

// MDRPCourier works from On to Off: nothing is picked up later, but may still be dropped off.
type MDRPCourier struct {
	ID      string
	At      Point
	On, Off int
}

// MDRPOrder is unknown before Placed.
type MDRPOrder struct {
	ID            string
	At            Point // the customer
	Placed, Ready int
	Restaurant    int // index in Restaurants
}

// MDRPRestaurant is where orders are picked up.
type MDRPRestaurant struct {
	ID string
	At Point
}

// Point is a place on the plane, metres.
type Point struct{ X, Y float64 }

// ReadMDRP reads the four files of an instance's folder.
func ReadMDRP(dir string) (*MDRP, error) {
	m := &MDRP{Name: filepath.Base(filepath.Clean(dir))}
	restaurants := map[string]int{}
	read := []struct {
		file    string
		columns int
		row     func(f fields)
	}{
		{"instance_parameters.txt", 7, func(f fields) {
			m.MetresPerMinute, m.PickupService, m.DropoffService = f.float(0), f.int(1), f.int(2)
			m.Target, m.PayPerOrder, m.PayPerHour = f.int(3), f.float(5), f.float(6)
		}},
		{"restaurants.txt", 3, func(f fields) {
			restaurants[f.text[0]] = len(m.Restaurants)
			m.Restaurants = append(m.Restaurants, MDRPRestaurant{f.text[0], f.point(1)})
		}},
		{"couriers.txt", 5, func(f fields) {
			m.Couriers = append(m.Couriers, MDRPCourier{f.text[0], f.point(1), f.int(3), f.int(4)})
		}},
		{"orders.txt", 6, func(f fields) {
			at, ok := restaurants[f.text[4]]
			if !ok {
				f.fail("no restaurant %q", f.text[4])
			}
			m.Orders = append(m.Orders, MDRPOrder{f.text[0], f.point(1), f.int(3), f.int(5), at})
		}},
	}
	for _, r := range read {
		if err := readFields(filepath.Join(dir, r.file), r.columns, r.row); err != nil {
			return nil, err
		}
	}
	if m.MetresPerMinute <= 0 {
		return nil, fmt.Errorf("%s: metres per minute must be positive", dir)
	}
	sortByPlacement(m.Orders)
	return m, nil
}

// Minutes is the ride between two places: whole minutes, rounded up.
func (m *MDRP) Minutes(a, b Point) int { return ceilDiv(a, b, m.MetresPerMinute) }

// fields are one line of a file; the first thing wrong with it is kept.
type fields struct {
	text []string
	err  *error
}

func (f fields) fail(format string, args ...any) {
	if *f.err == nil {
		*f.err = fmt.Errorf(format, args...)
	}
}

func (f fields) float(i int) float64 {
	v, err := strconv.ParseFloat(f.text[i], 64)
	if err != nil {
		f.fail("column %d: %q is not a number", i+1, f.text[i])
	}
	return v
}

func (f fields) int(i int) int {
	v, err := strconv.Atoi(f.text[i])
	if err != nil {
		f.fail("column %d: %q is not a whole number", i+1, f.text[i])
	}
	return v
}

func (f fields) point(i int) Point { return Point{f.float(i), f.float(i + 1)} }

// readFields calls row for each line after the header.
func readFields(path string, columns int, row func(fields)) error {
	file, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("read the instance: %w", err)
	}
	defer func() { _ = file.Close() }() // only read
	return scanFields(file, path, columns, row)
}

func scanFields(r io.Reader, path string, columns int, row func(fields)) error {
	scan := bufio.NewScanner(r)
	var bad error
	for line := 1; scan.Scan(); line++ {
		text := strings.Split(strings.TrimSpace(scan.Text()), "\t")
		if line == 1 || scan.Text() == "" {
			continue
		}
		if len(text) != columns {
			return fmt.Errorf("%s line %d: %d columns, should be %d", path, line, len(text), columns)
		}
		row(fields{text, &bad})
		if bad != nil {
			return fmt.Errorf("%s line %d: %w", path, line, bad)
		}
	}
	if err := scan.Err(); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return nil
}
