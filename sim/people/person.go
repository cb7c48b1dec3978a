package people

import (
	"time"

	"github.com/paidan/paidan/sim/florence"
)

// person is how one rider is.
type person struct {
	vehicle
	pace    float64       // of this rider; multiplies every driving time
	decline float64       // share of offers turned down
	ignore  float64       // share of offers never answered
	answer  time.Duration // median time to answer an offer
	store   time.Duration // median time at the counter, food ready
	door    time.Duration // median time from parking to handing over
	failure float64       // share of customers not found
}

// manners are what a world expects of its riders on average.
type manners struct {
	decline, ignore, failure float64
}

// usual: 5 of 100 offers are turned down and 1 of 100 is not seen in time.
var usual = manners{decline: 0.05, ignore: 0.01}

func newPerson(kind string, m manners, d florence.Dice) person {
	v, ok := vehicles[kind]
	if !ok {
		v = vehicles["motorcycle"]
	}
	return person{
		vehicle: v,
		pace:    d.Around(0.08),
		decline: min(1, m.decline*d.Around(0.5)),
		ignore:  min(1, m.ignore*d.Around(0.5)),
		answer:  d.Duration(7*time.Second, 0.4, 2*time.Second, 30*time.Second),
		store:   d.Duration(60*time.Second, 0.2, 20*time.Second, 3*time.Minute),
		door:    d.Duration(90*time.Second, 0.2, 30*time.Second, 4*time.Minute),
		failure: m.failure,
	}
}

// What a rider does with an offer.
type verdict int

const (
	accept verdict = iota
	decline
	ignore
)

// consider decides on an offer and how long that takes.
func (p person) consider(d florence.Dice) (verdict, time.Duration) {
	after := d.Duration(p.answer, 0.6, time.Second, 2*time.Minute)
	switch x := d.Float64(); {
	case x < p.ignore:
		return ignore, after
	case x < p.ignore+p.decline:
		return decline, after
	}
	return accept, after
}

// atCounter is the time to get ready food over the counter; each further order from the same counter is quick.
func (p person) atCounter(d florence.Dice, further bool) time.Duration {
	if further {
		return d.Duration(15*time.Second, 0.3, 5*time.Second, time.Minute)
	}
	return d.Duration(p.store, 0.35, 15*time.Second, 10*time.Minute)
}

// atTheDoor is the time to find the customer and hand over.
func (p person) atTheDoor(d florence.Dice) time.Duration {
	return d.Duration(p.door, 0.4, 20*time.Second, 12*time.Minute)
}
