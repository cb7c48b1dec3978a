package tariff

import (
	"errors"
	"slices"
	"testing"

	"github.com/paidan/paidan/internal/clock"
)

func TestValidateNamesTheField(t *testing.T) {
	t.Parallel()
	if err := full().Validate(); err != nil {
		t.Fatal(err)
	}
	for field, change := range map[string]func(*Tariff){
		"currency":            func(x *Tariff) { x.Currency = "eur" },
		"base":                func(x *Tariff) { x.Base = -1 },
		"minimum":             func(x *Tariff) { x.Minimum = maxAmount + 1 },
		"max_distance_m":      func(x *Tariff) { x.MaxDistanceM = 100_001 },
		"max_weight_g":        func(x *Tariff) { x.MaxWeightG = -1 },
		"rider_pay.per_order": func(x *Tariff) { x.RiderPay.PerOrder = -1 },
		"rider_pay.per_km":    func(x *Tariff) { x.RiderPay.PerKm = -1 },
		"rider_pay.peaks":     func(x *Tariff) { x.RiderPay.Peaks = make([]Peak, 51) },
		"rider_pay.peaks[0].name": func(x *Tariff) {
			x.RiderPay.Peaks = []Peak{{Weekly: clock.Weekly{From: "10:00", To: "11:00"}, Amount: 1}}
		},
		"rider_pay.peaks[0].to": func(x *Tariff) {
			x.RiderPay.Peaks = []Peak{{Name: "x", Weekly: clock.Weekly{From: "10:00", To: "10:00"}, Amount: 1}}
		},
		"rider_pay.peaks[0].amount": func(x *Tariff) {
			x.RiderPay.Peaks = []Peak{{Name: "x", Weekly: clock.Weekly{From: "10:00", To: "11:00"}}}
		},
		"rider_pay.long_distance[1].over_m":          func(x *Tariff) { x.RiderPay.LongDistance = []LongDistance{{OverM: 5}, {OverM: 5}} },
		"rider_pay.long_distance[0].per_km":          func(x *Tariff) { x.RiderPay.LongDistance = []LongDistance{{PerKm: -1}} },
		"rider_pay.rain.amount":                      func(x *Tariff) { x.RiderPay.Rain = &Rain{Amount: 5, Percent: 5} },
		"rider_pay.guarantee.per_hour":               func(x *Tariff) { x.RiderPay.Guarantee = &Guarantee{} },
		"rider_pay.guarantee.min_acceptance_percent": func(x *Tariff) { x.RiderPay.Guarantee = &Guarantee{PerHour: 1, MinAcceptancePercent: 101} },
		"cancel_percent":                             func(x *Tariff) { x.CancelPercent = 101 },
		"return_off_percent":                         func(x *Tariff) { x.ReturnOffPercent = 101 },
		"surge.orders_per_rider":                     func(x *Tariff) { x.Surge.OrdersPerRider = -1 },
		"surge.percent_per_order":                    func(x *Tariff) { x.Surge.PercentPerOrder = 501 },
		"surge.max_percent":                          func(x *Tariff) { x.Surge.MaxPercent = 501 },
		"distance":                                   func(x *Tariff) { x.Distance = make([]DistanceBand, 21) },
		"distance[1].over_m":                         func(x *Tariff) { x.Distance[1].OverM = 1000 },
		"distance[0].step_m":                         func(x *Tariff) { x.Distance[0].StepM = 0 },
		"distance[0].amount":                         func(x *Tariff) { x.Distance[0].Amount = -1 },
		"weight":                                     func(x *Tariff) { x.Weight = make([]WeightBand, 21) },
		"weight[1].over_g":                           func(x *Tariff) { x.Weight[1].OverG = 4000 },
		"weight[0].amount":                           func(x *Tariff) { x.Weight[0].Amount = -1 },
		"surcharges":                                 func(x *Tariff) { x.Surcharges = make([]Surcharge, 51) },
		"surcharges[0].name":                         func(x *Tariff) { x.Surcharges[0].Name = "" },
		"surcharges[0].from":                         func(x *Tariff) { x.Surcharges[0].From = "24:00" },
		"surcharges[0].to":                           func(x *Tariff) { x.Surcharges[0].To = "7 pm" },
		"surcharges[1].weekdays[1]":                  func(x *Tariff) { x.Surcharges[1].Weekdays[1] = "Saturday" },
		"surcharges[0].amount":                       func(x *Tariff) { x.Surcharges[0].Percent = 5 },
		"surcharges[1].percent":                      func(x *Tariff) { x.Surcharges[1].Percent = 501 },
	} {
		x := full()
		change(&x)
		var invalid *InvalidError
		if err := x.Validate(); !errors.As(err, &invalid) || !slices.ContainsFunc(invalid.Faults, func(f Fault) bool { return f.Field == field }) {
			t.Errorf("%s: %v", field, err)
		}
	}
	x := full()
	x.Surcharges[0].To = x.Surcharges[0].From
	if x.Validate() == nil {
		t.Error("a surcharge of no time was accepted")
	}
}

func TestLimits(t *testing.T) {
	t.Parallel()
	var limit *LimitError
	if err := full().Takes(8000, 20_000); err != nil {
		t.Error(err)
	}
	if err := full().Takes(8001, 0); !errors.As(err, &limit) || limit.What != "distance_m" || limit.Max != 8000 {
		t.Errorf("too far: %v", err)
	}
	if err := full().Takes(0, 20_001); !errors.As(err, &limit) || limit.What != "weight_g" {
		t.Errorf("too heavy: %v", err)
	}
	if err := (Tariff{}).Takes(1<<30, 1<<30); err != nil {
		t.Errorf("without limits: %v", err)
	}
}
