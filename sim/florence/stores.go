package florence

import (
	"fmt"

	"github.com/paidan/paidan/internal/geo"
)

// Store is one of the city's.
type Store struct {
	Name string
	At   geo.LatLng
	Kind *Cuisine
	// Popular is the weight by which customers choose.
	Popular float64
}

// At the counter, food ready: seconds.
const (
	HandoffP50 = 45
	HandoffP90 = 100
)

// NewStore is the i-th store, from 0: each quarter has one, the rest is where people are.
func NewStore(d Dice, i int) Store {
	q := Quarters[i%len(Quarters)]
	if i >= len(Quarters) {
		q = PickQuarter(d)
	}
	kind := &Cuisines[i%len(Cuisines)]
	at := q.Scatter(d)
	name := fmt.Sprintf("%s %s", kind.Kind, kind.Names[(i/len(Cuisines))%len(kind.Names)])
	if n := i / len(Cuisines) / len(kind.Names); n > 0 {
		name = fmt.Sprintf("%s %s", name, q.Name)
	}
	return Store{Name: name, At: at, Kind: kind, Popular: d.Around(0.6)}
}

// PrepP50 is the time in which half of the orders are ready, seconds.
func (c *Cuisine) PrepP50() int { return int(c.Prep * 60) }

// PrepP90 is the time in which nine of ten orders are ready, seconds.
func (c *Cuisine) PrepP90() int { return int(c.Prep * 60 * (1 + 1.6*c.Spread)) }

// Cook draws how long an order takes, seconds.
func (c *Cuisine) Cook(d Dice) float64 { return float64(c.PrepP50()) * d.Around(c.Spread) }
