package sim

import (
	"fmt"
	"time"

	"github.com/paidan/paidan/dispatch"
	"github.com/paidan/paidan/eta"
	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/rider"
	"github.com/paidan/paidan/sim/florence"
)

// CityOptions are the size of the demonstration's city and how long it is awake.
type CityOptions struct {
	Riders, Stores int
	PerMinute      float64 // orders, on average over an hour
	Hours          float64
}

// CityOptions' bounds.
const (
	mostCityRiders    = 20_000
	mostCityPerMinute = 1000
	mostCityHours     = 24
)

// Validate finds the first thing wrong with o.
func (o CityOptions) Validate() error {
	switch {
	case o.Riders < 1 || o.Riders > mostCityRiders:
		return fmt.Errorf("%d riders: 1 to %d", o.Riders, mostCityRiders)
	case o.Stores < 1 || o.Stores > mostCityRiders:
		return fmt.Errorf("%d stores: 1 to %d", o.Stores, mostCityRiders)
	case !(o.PerMinute > 0 && o.PerMinute <= mostCityPerMinute):
		return fmt.Errorf("%g orders a minute: more than 0, at most %d", o.PerMinute, mostCityPerMinute)
	case !(o.Hours > 0 && o.Hours <= mostCityHours):
		return fmt.Errorf("%g hours: more than 0, at most %d", o.Hours, mostCityHours)
	}
	return nil
}

const (
	citySeed  = 1       // the demonstration's: its stores and riders are where they are
	cityOpens = 10      // o'clock: with the kitchens
	homeward  = 30 * 60 // seconds that riders stay after the last order
)

// CityDay is a day of the demonstration's city: its stores and riders are always the same, what is ordered is drawn from the
// seed. Riders work all the time, and half an hour more for the last orders. Kitchens' times become known as they happen; the promise is
// what a server would tell. The day doesn't depend on the policy, so two policies with one seed meet the same customers.
func CityDay(o CityOptions, policy dispatch.Policy, seed uint64) (*Day, error) {
	if err := o.Validate(); err != nil {
		return nil, err
	}
	d := &Day{Name: fmt.Sprintf("seed %d", seed), Params: eta.Default(), Policy: policy, Ready: ReadyEstimated, Pay: florence.Tariff().RiderPay}
	opens := cityOpens * 3600
	closes := opens + int(o.Hours*3600)
	for i := range o.Riders {
		name := fmt.Sprintf("demo-rider-%03d", i+1)
		r := florence.NewRider(florence.NewDice(citySeed, name))
		d.Riders = append(d.Riders, Rider{Name: name, At: r.Home, On: opens, Off: closes + homeward, Vehicle: rider.Vehicle(r.Vehicle),
			Capacity: r.Capacity, MaxOrders: r.MaxOrders()})
	}
	stores := make([]florence.Store, o.Stores)
	for i := range stores {
		stores[i] = florence.NewStore(florence.NewDice(citySeed, fmt.Sprintf("demo-store-%02d", i+1)), i)
		d.Stores = append(d.Stores, Store{Name: stores[i].Name, At: stores[i].At, Handoff: florence.HandoffP50})
	}
	model, err := eta.New(d.Params)
	if err != nil {
		return nil, err
	}
	dice := florence.NewDice(seed, "demand")
	now := at(opens)
	for {
		if now = now.Add(florence.Gap(dice, o.PerMinute, now)); !now.Before(at(closes)) {
			return d, nil
		}
		k := florence.Choose(dice, len(stores), func(i int) float64 { return stores[i].Popular })
		placed := now.Truncate(time.Second)
		door := florence.Doorstep(dice, stores[k].At)
		d.Orders = append(d.Orders, Order{
			Name: fmt.Sprintf("o%d", len(d.Orders)+1), Store: k, Dropoff: door, Placed: second(placed), Load: 1,
			Ready: second(placed) + int(stores[k].Kind.Cook(dice)), Promise: second(promise(model, &stores[k], placed, door)),
		})
	}
}

func promise(m *eta.Model, s *florence.Store, placed time.Time, door geo.LatLng) time.Time {
	told := func(p50, p90 int) eta.Range {
		return eta.Range{P50: time.Duration(p50) * time.Second, P90: time.Duration(p90) * time.Second}
	}
	prep := told(s.Kind.PrepP50(), s.Kind.PrepP90())
	return m.Promise(placed, placed.Add(prep.P50), s.At, door, string(rider.Bicycle), prep, told(florence.HandoffP50, florence.HandoffP90))
}

// second is the inverse of at.
func second(t time.Time) int { return int(t.Sub(midnight) / time.Second) }
