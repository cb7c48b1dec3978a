package dispatch

import (
	"math"
	"time"

	"github.com/paidan/paidan/internal/geo"
)

// manySpots is the number of stores above which a zone's demand is looked at by area: a city's thousands of stores can't be
// gone through for each rider.
const manySpots = 200

// areas are the stores by H3 cell, each standing for its stores at the place of the busiest.
type areas struct {
	of     []int // by store's spot: its area
	at     map[geo.Cell]int
	spots  []spot
	cells  map[geo.LatLng]geo.Cell // of riders who have been waiting somewhere
	cursor int                     // the idle rider to begin with in the next round
}

// add puts a new store's spot k into its area.
func (a *areas) add(k int, at geo.LatLng) {
	if a.at == nil {
		a.at = map[geo.Cell]int{}
	}
	cell := geo.CellOf(at, geo.ZoneRes)
	area, ok := a.at[cell]
	if !ok {
		area = len(a.at)
		a.at[cell] = area
	}
	a.of = append(a.of[:k], area)
}

// inUse reports whether there are too many stores to look at each.
func (a *areas) inUse() bool { return len(a.of) > manySpots }

// gather sums up what is known of the stores.
func (a *areas) gather(stores []spot) {
	if !a.inUse() {
		return
	}
	a.spots = make([]spot, len(a.at))
	busiest := make([]float64, len(a.at))
	for k := range stores {
		x, area := &stores[k], a.of[k]
		s := &a.spots[area]
		s.rate += x.rate
		if x.rate > busiest[area] || s.store.IsZero() {
			busiest[area], s.store, s.at = x.rate, x.store, x.at
		}
	}
}

// areaOf is the area of a place, or -1 where no store has had an order.
func (a *areas) areaOf(p geo.LatLng) int {
	cell, ok := a.cells[p]
	if !ok {
		if a.cells == nil || len(a.cells) > mostPriced {
			a.cells = map[geo.LatLng]geo.Cell{}
		}
		cell = geo.CellOf(p, geo.ZoneRes)
		a.cells[p] = cell
	}
	if k, ok := a.at[cell]; ok {
		return k
	}
	return -1
}

const perDegree = 400 // 1/400° ≈ 280 m

// nearby is the middle of the small square that a place is in, which is priced for all of it, and how long that price holds:
// longer in some squares than in others, so that they are not all due in the same round.
func nearby(p geo.LatLng) (geo.LatLng, time.Duration) {
	y, x := math.Round(p.Lat*perDegree), math.Round(p.Lng*perDegree)
	spread := uint64(int64(y)*7919+int64(x)*104729) % 64
	return geo.LatLng{Lat: y / perDegree, Lng: x / perDegree}, priceHolds + time.Duration(spread)*priceHolds/64
}
