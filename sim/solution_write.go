package sim

import (
	"bytes"
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Write writes a solution to a folder as the three files that the evaluator of the instances' library reads (compute_performance_summary.py
// of github.com/grubhub/mdrplib): separated by spaces, one header line, minutes of the day, the instance's ids. Undelivered
// orders and couriers who never rode have no row. The folder is made where it is missing.
//
// The evaluator wants a bundle in the sequence of its drop-offs, which under platform rules is settled only after the pickup.
func (s *Solution) Write(m *MDRP, dir string) error {
	n := namer{m}
	var bundles, deliveries, moves bytes.Buffer
	fmt.Fprintln(&bundles, "assignment_time pickup_time courier order")
	dropoff := map[int]int{}
	for _, d := range s.Deliveries {
		dropoff[d.Order] = d.Dropoff
	}
	for _, b := range s.Bundles {
		orders := slices.Clone(b.Orders)
		slices.SortStableFunc(orders, func(a, b int) int { return cmp.Compare(dropoff[a], dropoff[b]) })
		fmt.Fprintf(&bundles, "%d %d %s%s\n", b.Assigned, b.Pickup, n.courier(b.Courier), n.orders(orders))
	}
	fmt.Fprintln(&deliveries, "order placement_time ready_time pickup_time dropoff_time courier")
	for _, d := range s.Deliveries {
		o := m.Orders[d.Order]
		fmt.Fprintf(&deliveries, "%s %d %d %d %d %s\n", o.ID, o.Placed, o.Ready, d.Pickup, d.Dropoff, n.courier(d.Courier))
	}
	fmt.Fprintln(&moves, "courier departure_time origin destination")
	for c, ride := range s.Moves {
		for _, v := range ride {
			fmt.Fprintf(&moves, "%s %d %s %s\n", n.courier(c), v.Depart, n.place(v.From), n.place(v.To))
		}
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("write the solution: %w", err)
	}
	for _, f := range []struct {
		name string
		text *bytes.Buffer
	}{
		{"solution_info_assignments.txt", &bundles},
		{"solution_info_orders.txt", &deliveries},
		{"solution_info_couriers.txt", &moves},
	} {
		if err := os.WriteFile(filepath.Join(dir, f.name), f.text.Bytes(), 0o644); err != nil { //nolint:gosec // a solution is to be read
			return fmt.Errorf("write the solution: %w", err)
		}
	}
	return nil
}

// namer gives the ids of an instance, also for the indexes of a wrong solution.
type namer struct{ m *MDRP }

func (n namer) courier(i int) string {
	return nameOf(n.m.Couriers, i, func(c MDRPCourier) string { return c.ID })
}

func (n namer) order(i int) string {
	return nameOf(n.m.Orders, i, func(o MDRPOrder) string { return o.ID })
}

func nameOf[T any](of []T, i int, id func(T) string) string {
	if i < 0 || i >= len(of) {
		return fmt.Sprintf("#%d", i)
	}
	return id(of[i])
}

func (n namer) orders(list []int) string {
	var b strings.Builder
	for _, o := range list {
		b.WriteString(" " + n.order(o))
	}
	return b.String()
}

// place is the evaluator's word for it: the on-location has no id of its own.
func (n namer) place(p Place) string {
	switch p.Kind {
	case AtRestaurant:
		return nameOf(n.m.Restaurants, p.Index, func(r MDRPRestaurant) string { return r.ID })
	case AtCustomer:
		return n.order(p.Index)
	default:
		return "0"
	}
}
