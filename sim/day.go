package sim

import (
	"time"

	"github.com/paidan/paidan/dispatch"
	"github.com/paidan/paidan/eta"
	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/rider"
	"github.com/paidan/paidan/tariff"
)

// Day is all that will happen in a simulated city: the engine learns of it only as it happens. Times are seconds of the
// day.
type Day struct {
	Name   string
	Start  time.Time // what second 0 is on the wall: calendar days begin at its midnights. The zero time is a midnight
	Stores []Store
	Orders []Order // by placement
	Riders []Rider

	Pay tariff.RiderPay // what riders earn, without bonuses; zero: nothing, and orders count alike

	Params eta.Params
	Policy dispatch.Policy
	Rules  Rules
	Ready  ReadyTimes
}

// Store is where orders are picked up.
type Store struct {
	Name    string
	At      geo.LatLng
	Handoff int // seconds of service
}

// Order becomes known when it is placed.
type Order struct {
	Name    string
	Store   int // index in Day.Stores
	Dropoff geo.LatLng
	Placed  int
	Ready   int // the truth
	Promise int
	Load    int
	// Only riders who have all of the skills, and one of the vehicles where there are any, may take it.
	Skills   []string
	Vehicles []string
}

// Rider is one shift: picks up from On to Off; what is aboard then is still dropped off. Shifts of one Person count together where the policy limits
// work; "" is somebody without another.
type Rider struct {
	Name      string
	Person    string
	At        geo.LatLng
	On, Off   int
	Vehicle   rider.Vehicle
	Capacity  int
	MaxOrders int
	Skills    []string
}

// Rules say how much may change once a rider is told something.
type Rules struct {
	// WholeBundle makes a bundle one instruction: from the pickup on, its rider can't be told anything until the last door.
	// Else riders can be told something new at every stop.
	WholeBundle bool
	// ReadyToLeave is how long after the food is ready the rider may leave at the soonest, seconds: part of the service of a
	// stop that can't begin before.
	ReadyToLeave int
	// Sticky leaves an order with the rider whom it was given to. Else it is anybody's until it is picked up.
	Sticky bool
}

// ReadyTimes is what is known of an order's ready time before it comes.
type ReadyTimes string

// The kinds of knowledge.
const (
	// ReadyExact: known from placement on.
	ReadyExact ReadyTimes = "exact"
	// ReadyEstimated: told from the mean and the spread of the store's preparation times so far, and from how long the order
	// has been waiting; see kitchen. The truth is seen when it comes.
	ReadyEstimated ReadyTimes = "estimated"
)

// midnight is second 0 of every day.
var midnight = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

func at(second int) time.Time { return midnight.Add(time.Duration(second) * time.Second) }
