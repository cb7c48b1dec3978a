package tariff

import (
	"time"

	"github.com/paidan/paidan/internal/clock"
)

// RiderPay is a rider's pay for an order: by the order and the way, and what comes on top by rule.
type RiderPay struct {
	PerOrder     int64          `json:"per_order" minimum:"0" maximum:"1000000000"`
	PerKm        int64          `json:"per_km" minimum:"0" maximum:"1000000000" doc:"From store to door as the crow flies, by the metre."`
	Peaks        []Peak         `json:"peaks,omitempty" maxItems:"50" doc:"Bonuses by weekday and time of day, in the tenant's time zone. All that fit count."`
	LongDistance []LongDistance `json:"long_distance,omitempty" maxItems:"20" doc:"Bonuses for long ways, ascending."`
	Rain         *Rain          `json:"rain,omitempty" nullable:"false" doc:"Bonus while it rains in the zone, as its dispatchers say."`
	Guarantee    *Guarantee     `json:"guarantee,omitempty" nullable:"false" doc:"What an hour on shift, breaks not counted, earns at least."`
}

// Peak is a bonus on some weekdays, from one time of the day until another.
type Peak struct {
	Name string `json:"name" minLength:"1" maxLength:"100" doc:"As the rider sees it."`
	clock.Weekly
	Amount  int64 `json:"amount,omitempty" minimum:"0" maximum:"1000000000"`
	Percent int   `json:"percent,omitempty" minimum:"0" maximum:"500" doc:"Of per_order and per_km; instead of an amount."`
}

// surchargesOf are peaks by the rules of surcharges, which are the same.
func surchargesOf(peaks []Peak) []Surcharge {
	out := make([]Surcharge, len(peaks))
	for i, p := range peaks {
		out[i] = Surcharge(p)
	}
	return out
}

// LongDistance is a bonus for the part of the way beyond OverM, up to the next band.
type LongDistance struct {
	OverM int   `json:"over_m" minimum:"0" maximum:"100000" doc:"Metres at which the band begins."`
	PerKm int64 `json:"per_km" minimum:"0" maximum:"1000000000" doc:"On top of the plain per_km, by the metre."`
}

// Rain is a bonus while it rains.
type Rain struct {
	Amount  int64 `json:"amount,omitempty" minimum:"0" maximum:"1000000000"`
	Percent int   `json:"percent,omitempty" minimum:"0" maximum:"500" doc:"Of per_order and per_km; instead of an amount."`
}

// Guarantee tops up a shift whose orders earned less than its hours are worth.
type Guarantee struct {
	PerHour              int64 `json:"per_hour" minimum:"1" maximum:"1000000000" doc:"For each hour on shift, by the second."`
	MinAcceptancePercent int   `json:"min_acceptance_percent,omitempty" minimum:"0" maximum:"100" doc:"Only for shifts in which the rider accepted at least this part of the offers that were answered or ran out; 0: for all."`
}

// Pay is what a rider earns by an order. Its terms add up to it.
type Pay struct {
	Minor    int64
	Currency string
	Terms    []PayTerm
}

// PayTerm is one part of a rider's pay.
type PayTerm struct {
	Kind    PayKind `json:"kind" enum:"per_order,per_km,peak,long_distance,rain"`
	Minor   int64   `json:"minor"`
	Name    string  `json:"name,omitempty" doc:"Of a peak, as the tariff calls it."`
	Percent int     `json:"percent,omitempty" doc:"Of per_order and per_km, where it is such a part."`
}

// PayKind says what a part of a rider's pay is for.
type PayKind string

// The parts of a rider's pay, in the order in which they are told.
const (
	PayPerOrder     PayKind = "per_order"
	PayPerKm        PayKind = "per_km"
	PayPeak         PayKind = "peak"
	PayLongDistance PayKind = "long_distance"
	PayRain         PayKind = "rain"
)

// Bonus reports whether a part comes on top of the plain pay.
func (k PayKind) Bonus() bool { return k != PayPerOrder && k != PayPerKm }

// PayInput is what a rider's pay depends on besides the tariff.
type PayInput struct {
	DistanceM int
	At        time.Time // when the rider is asked or told, in the tenant's time zone
	Raining   bool
}

// Pay is what a rider earns by an order of this tariff. Percents are of the plain pay alone and don't multiply; halves are rounded up.
func (t Tariff) Pay(in PayInput) Pay {
	p := Pay{Currency: t.Currency}
	add := func(x PayTerm) {
		if x.Minor > 0 {
			p.Minor += x.Minor
			p.Terms = append(p.Terms, x)
		}
	}
	add(PayTerm{Kind: PayPerOrder, Minor: t.RiderPay.PerOrder})
	add(PayTerm{Kind: PayPerKm, Minor: perKm(t.RiderPay.PerKm, in.DistanceM)})
	plain := p.Minor
	for _, x := range t.RiderPay.Peaks {
		if x.Has(in.At) {
			add(PayTerm{Kind: PayPeak, Minor: x.Amount + percent(plain, x.Percent), Name: x.Name, Percent: x.Percent})
		}
	}
	add(PayTerm{Kind: PayLongDistance, Minor: longDistance(t.RiderPay.LongDistance, in.DistanceM)})
	if rain := t.RiderPay.Rain; rain != nil && in.Raining {
		add(PayTerm{Kind: PayRain, Minor: rain.Amount + percent(plain, rain.Percent), Percent: rain.Percent})
	}
	return p
}

// PlainPay is the pay without bonuses: of an order of which no rider was told more.
func (t Tariff) PlainPay(distanceM int) Pay {
	t.RiderPay = RiderPay{PerOrder: t.RiderPay.PerOrder, PerKm: t.RiderPay.PerKm}
	return t.Pay(PayInput{DistanceM: distanceM})
}

func longDistance(bands []LongDistance, metres int) int64 {
	var sum int64
	for i, b := range bands {
		end := metres
		if i+1 < len(bands) {
			end = min(end, bands[i+1].OverM)
		}
		sum += perKm(b.PerKm, max(0, end-b.OverM))
	}
	return sum
}

// perKm is the price of a way by the metre; halves are rounded up.
func perKm(amount int64, metres int) int64 { return (amount*int64(metres) + 500) / 1000 }

// Owes is what a guarantee adds to the earnings of so many seconds.
func (g Guarantee) Owes(seconds, earned int64) int64 {
	return max(0, (g.PerHour*seconds+1800)/3600-earned)
}
