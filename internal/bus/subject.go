package bus

import (
	"fmt"
	"strings"

	"github.com/paidan/paidan/internal/id"
)

// In a subscription these stand for every tenant, zone, rider or endpoint, as does any id that is left zero. Publish refuses them.
var (
	AllTenants   id.Tenant
	AllZones     id.Zone
	AllRiders    id.Rider
	AllEndpoints id.Endpoint
)

// The first word of each subject says what the message is about.
const (
	Wake      = "wake"      // something happened that a round should look at
	Orders    = "orders"    // orders changed
	Riders    = "riders"    // riders changed: presence, plan, offers
	Positions = "positions" // a batch of fixes
	Rider     = "rider"     // for one rider's phone: offers, plan
	Webhooks  = "webhooks"  // a webhook endpoint was changed, or has something to send
)

// WakeSubject asks a zone's dispatch loop to look again.
func WakeSubject(t id.Tenant, z id.Zone) string { return subject(Wake, t.String(), z.String()) }

// OrdersSubject carries changes of a zone's orders.
func OrdersSubject(t id.Tenant, z id.Zone) string { return subject(Orders, t.String(), z.String()) }

// RidersSubject carries changes of a zone's riders.
func RidersSubject(t id.Tenant, z id.Zone) string { return subject(Riders, t.String(), z.String()) }

// PositionsSubject carries batches of positions in a zone.
func PositionsSubject(t id.Tenant, z id.Zone) string {
	return subject(Positions, t.String(), z.String())
}

// RiderSubject carries what one rider's phone should know.
func RiderSubject(t id.Tenant, r id.Rider) string { return subject(Rider, t.String(), r.String()) }

// WebhookSubject tells who delivers webhooks to look at an endpoint.
func WebhookSubject(t id.Tenant, e id.Endpoint) string {
	return subject(Webhooks, t.String(), e.String())
}

func subject(about, tenant, what string) string {
	if tenant == "" {
		tenant = "*"
	}
	if what == "" {
		what = "*"
	}
	return about + "." + tenant + "." + what
}

// ZoneOf reads the tenant and zone of a message's subject.
func ZoneOf(subject string) (t id.Tenant, z id.Zone, err error) {
	err = parse(subject, &t, &z)
	return t, z, err
}

// RiderOf reads the tenant and rider of a RiderSubject.
func RiderOf(subject string) (t id.Tenant, r id.Rider, err error) {
	err = parse(subject, &t, &r)
	return t, r, err
}

// EndpointOf reads the tenant and endpoint of a WebhookSubject.
func EndpointOf(subject string) (t id.Tenant, e id.Endpoint, err error) {
	err = parse(subject, &t, &e)
	return t, e, err
}

type textID interface{ UnmarshalText([]byte) error }

func parse(subject string, tenant, what textID) error {
	parts := strings.Split(subject, ".")
	if len(parts) != 3 {
		return fmt.Errorf("subject %q: want three words", subject)
	}
	if err := tenant.UnmarshalText([]byte(parts[1])); err != nil {
		return fmt.Errorf("subject %q: %w", subject, err)
	}
	if err := what.UnmarshalText([]byte(parts[2])); err != nil {
		return fmt.Errorf("subject %q: %w", subject, err)
	}
	return nil
}
