package dispatch

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
)

// Privacy is what those who meet for an order learn of each other.
type Privacy struct {
	CourierPhone    Shown `json:"courier_phone" enum:"none,masked,full" doc:"A rider's phone, to merchants and customers, while the rider has the order."`
	CourierPosition bool  `json:"courier_position" doc:"A rider's live position, to merchants and customers, while the rider has the order."`
	CustomerPhone   Shown `json:"customer_phone" enum:"none,delivery,relay,full" doc:"A customer's phone, to the rider. delivery: from the pickup until an hour after the delivery. relay: never, but the rider can call by a masked number (--calls-url)."`
}

// Shown is how much is shown.
type Shown string

// How much is shown.
const (
	ShownNone     Shown = "none"
	ShownMasked   Shown = "masked"
	ShownDelivery Shown = "delivery"
	ShownRelay    Shown = "relay"
	ShownFull     Shown = "full"
)

// DefaultPrivacy shows what a delivery needs.
func DefaultPrivacy() Privacy {
	return Privacy{CourierPhone: ShownMasked, CourierPosition: true, CustomerPhone: ShownDelivery}
}

func (p Privacy) faults() []Fault {
	var faults []Fault
	if p.CourierPhone != ShownNone && p.CourierPhone != ShownMasked && p.CourierPhone != ShownFull {
		faults = append(faults, Fault{"privacy.courier_phone", "must be none, masked or full", p.CourierPhone})
	}
	if !slices.Contains([]Shown{ShownNone, ShownDelivery, ShownRelay, ShownFull}, p.CustomerPhone) {
		faults = append(faults, Fault{"privacy.customer_phone", "must be none, delivery, relay or full", p.CustomerPhone})
	}
	return faults
}

// PrivacyOf reads the rules of several zones.
func PrivacyOf(ctx context.Context, tx pgx.Tx, tenant id.Tenant, zones []id.Zone) (map[id.Zone]Privacy, error) {
	rows, err := tx.Query(ctx, `SELECT id, policy FROM zones WHERE tenant_id = $1 AND id = ANY ($2)`, tenant, zones)
	if err != nil {
		return nil, fmt.Errorf("read the privacy of %d zones: %w", len(zones), err)
	}
	out := make(map[id.Zone]Privacy, len(zones))
	var zone id.Zone
	var raw []byte
	_, err = pgx.ForEachRow(rows, []any{&zone, &raw}, func() error {
		policy, err := ParsePolicy(raw)
		out[zone] = policy.Privacy
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the privacy of %d zones: %w", len(zones), err)
	}
	return out, nil
}
