package dispatch

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/order"
)

// JobLoad is what a job asks of the rider who carries it.
type JobLoad struct {
	Orders  int
	Largest int // units of capacity, of one order: a rider may go to the store more than once
	stores  map[id.Store]bool
}

// Add counts an order.
func (l *JobLoad) Add(o order.Order) {
	if l.stores == nil {
		l.stores = make(map[id.Store]bool)
	}
	l.Orders++
	l.Largest = max(l.Largest, o.Load)
	l.stores[o.Store] = true
}

// stops is how few they can be.
func (l *JobLoad) stops() int { return l.Orders + len(l.stores) }

// JobTooLargeError refuses a job that no rider could carry.
type JobTooLargeError struct{ Why string }

func (e *JobTooLargeError) Error() string { return "the job is too large: " + e.Why }

// JobFits refuses what the zone's policy forbids, or none of its riders can do, whoever is on shift. A zone without riders
// may get some. The robots of a sandbox are not asked. *JobTooLargeError.
func JobFits(ctx context.Context, tx pgx.Tx, tenant id.Tenant, zone id.Zone, l JobLoad, sandbox bool) error {
	z, err := readZone(ctx, tx, tenant, zone)
	if err != nil {
		return err
	}
	if most := z.Policy.MaxOrders; l.Orders > most {
		return &JobTooLargeError{fmt.Sprintf("it has %d orders, and a rider of the zone may have %d at once", l.Orders, most)}
	}
	if most := z.Policy.MaxStops; most > 0 && l.stops() > most {
		return &JobTooLargeError{fmt.Sprintf("it needs %d stops, and a route in the zone may have %d", l.stops(), most)}
	}
	if sandbox {
		return nil
	}
	var riders, able int
	var mostOrders, mostLoad *int
	err = tx.QueryRow(ctx, `
		SELECT count(*), count(*) FILTER (WHERE max_orders >= $3 AND capacity >= $4), max(max_orders), max(capacity)
		FROM riders r WHERE tenant_id = $1 AND disabled_at IS NULL AND (zone_id = $2 OR EXISTS (
			SELECT FROM shifts s WHERE s.tenant_id = $1 AND s.rider_id = r.id AND s.zone_id = $2 AND s.ended_at IS NULL))`,
		tenant, zone, l.Orders, l.Largest).Scan(&riders, &able, &mostOrders, &mostLoad)
	if err != nil {
		return fmt.Errorf("whether a rider could carry a job: %w", err)
	}
	if riders > 0 && able == 0 {
		return &JobTooLargeError{fmt.Sprintf("it has %d orders of up to %d units each, and the zone's riders may have at most %d orders, and carry %d units",
			l.Orders, l.Largest, *mostOrders, *mostLoad)}
	}
	return nil
}
