package florence

import (
	"github.com/paidan/paidan/internal/clock"
	"github.com/paidan/paidan/tariff"
)

// Tariff is what the city's deliveries cost, and what its riders earn.
func Tariff() tariff.Tariff {
	return tariff.Tariff{
		Currency: "EUR", Base: 250,
		Distance: []tariff.DistanceBand{{OverM: 1000, StepM: 100, Amount: 8}, {OverM: 4000, StepM: 100, Amount: 12}},
		Weight:   []tariff.WeightBand{{OverG: 5000, Amount: 100}, {OverG: 10_000, Amount: 250}},
		Surcharges: []tariff.Surcharge{
			{Name: "Evening", Weekly: clock.Weekly{From: "19:00", To: "22:00"}, Amount: 50},
			{Name: "Weekend night", Weekly: clock.Weekly{Weekdays: []string{"fri", "sat"}, From: "22:00", To: "02:00"}, Percent: 20},
		},
		Surge:   tariff.Surge{OrdersPerRider: 2, PercentPerOrder: 15, MaxPercent: 30},
		Minimum: 300, MaxWeightG: 20_000,
		RiderPay: tariff.RiderPay{PerOrder: 220, PerKm: 60}, CancelPercent: 50,
	}
}
