package rider

import (
	"errors"
	"slices"
	"time"

	"github.com/paidan/paidan/internal/id"
)

// Vehicle is how a rider moves.
type Vehicle string

// The vehicles, slowest first.
const (
	Walking    Vehicle = "walking"
	Bicycle    Vehicle = "bicycle"
	EBike      Vehicle = "ebike"
	Motorcycle Vehicle = "motorcycle"
	Car        Vehicle = "car"
)

// Vehicles lists all vehicles, slowest first.
func Vehicles() []Vehicle { return []Vehicle{Walking, Bicycle, EBike, Motorcycle, Car} }

// Valid reports whether v is one of Vehicles.
func (v Vehicle) Valid() bool { return slices.Contains(Vehicles(), v) }

// topSpeed is the highest speed in m/s that is believed of a fix. It is meant to tell a jump of the receiver from
// movement, not to police riders: a walking rider may take the bus to the zone.
func (v Vehicle) topSpeed() float64 {
	switch v {
	case Walking, Bicycle:
		return 20
	case EBike:
		return 25
	case Motorcycle:
		return 45
	default:
		return 60
	}
}

// Rider is a profile.
type Rider struct {
	Tenant     id.Tenant
	ID         id.Rider
	Zone       id.Zone // home zone; a shift starts there
	ExternalID string  // the tenant's own key; may be empty
	Name       string
	Phone      string // unique within the tenant; what the rider signs in with
	Vehicle    Vehicle
	Capacity   int // units of an order's load aboard at once, 1–1000
	MaxOrders  int // orders aboard or assigned at once, 1–50
	Skills     []string
	DisabledAt *time.Time // nil while the rider may sign in and work
	CreatedAt  time.Time
}

var (
	// ErrNotFound is an unknown rider of this tenant.
	ErrNotFound = errors.New("rider: not found")
	// ErrDisabled refuses a rider who was disabled.
	ErrDisabled = errors.New("rider: disabled")
	// ErrPhoneTaken refuses a phone number that another rider of the tenant has.
	ErrPhoneTaken = errors.New("rider: phone number is taken")
	// ErrZoneNotFound refuses a zone that the tenant does not have.
	ErrZoneNotFound = errors.New("rider: no such zone")
)
