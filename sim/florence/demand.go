package florence

import (
	"math"
	"time"

	"github.com/paidan/paidan/internal/geo"
)

// Rate is the number of orders a minute at a time: a third less at the full hour, a third more at half past.
func Rate(perMinute float64, now time.Time) float64 {
	f := float64(now.Minute()*60+now.Second()) / 3600
	return perMinute * (1 - math.Cos(2*math.Pi*f)/3)
}

// Gap draws how long it is until the next order.
func Gap(d Dice, perMinute float64, now time.Time) time.Duration {
	return time.Duration(d.ExpFloat64() * float64(time.Minute) / Rate(perMinute, now))
}

// Choose draws where a customer orders: the index of a weight.
func Choose(d Dice, n int, popular func(int) float64) int {
	var total float64
	for i := range n {
		total += popular(i)
	}
	x := d.Float64() * total
	for i := range n {
		if x -= popular(i); x <= 0 {
			return i
		}
	}
	return 0
}

// Doorstep draws where a customer of a store is.
func Doorstep(d Dice, store geo.LatLng) geo.LatLng {
	away := 200 + min(2200, d.ExpFloat64()*600)
	angle := d.Float64() * 2 * math.Pi
	return geo.Shift(store, away*math.Cos(angle), away*math.Sin(angle))
}
