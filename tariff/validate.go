package tariff

import (
	"fmt"
	"slices"
)

// Fault is one wrong field of a tariff.
type Fault struct {
	Field, Message string
	Value          any
}

// InvalidError lists all that is wrong with a tariff.
type InvalidError struct{ Faults []Fault }

func (e *InvalidError) Error() string {
	f := e.Faults[0]
	return fmt.Sprintf("tariff: %s %s (is %v); %d faults", f.Field, f.Message, f.Value, len(e.Faults))
}

// The bounds keep every sum far from overflowing.
const (
	maxAmount  = 1_000_000_000
	maxPercent = 500
	maxMetres  = 100_000
	maxGrams   = 1_000_000
	maxBands   = 20
	maxTimes   = 50
)

// Validate is an *InvalidError with all that is wrong, or nil.
func (t Tariff) Validate() error {
	var c checks
	c.that(isCurrency(t.Currency), "currency", "must be three capital letters (ISO 4217)", t.Currency)
	c.amount("base", t.Base)
	c.amount("minimum", t.Minimum)
	c.within("max_distance_m", t.MaxDistanceM, maxMetres)
	c.within("max_weight_g", t.MaxWeightG, maxGrams)
	c.riderPay(t.RiderPay)
	c.within("cancel_percent", t.CancelPercent, 100)
	c.within("return_off_percent", t.ReturnOffPercent, 100)
	c.within("surge.orders_per_rider", t.Surge.OrdersPerRider, 100)
	c.within("surge.percent_per_order", t.Surge.PercentPerOrder, maxPercent)
	c.within("surge.max_percent", t.Surge.MaxPercent, maxPercent)
	c.bands(t)
	c.surcharges("surcharges", t.Surcharges)
	if len(c.faults) > 0 {
		return &InvalidError{c.faults}
	}
	return nil
}

func isCurrency(s string) bool {
	return len(s) == 3 && !slices.ContainsFunc([]byte(s), func(b byte) bool { return b < 'A' || b > 'Z' })
}

type checks struct{ faults []Fault }

func (c *checks) that(ok bool, field, message string, value any) {
	if !ok {
		c.faults = append(c.faults, Fault{field, message, value})
	}
}

func (c *checks) amount(field string, v int64) {
	c.that(v >= 0 && v <= maxAmount, field, fmt.Sprintf("must be 0 to %d", maxAmount), v)
}

func (c *checks) within(field string, v, most int) {
	c.that(v >= 0 && v <= most, field, fmt.Sprintf("must be 0 to %d", most), v)
}

func (c *checks) bands(t Tariff) {
	c.that(len(t.Distance) <= maxBands, "distance", fmt.Sprintf("may have %d bands", maxBands), len(t.Distance))
	for i, b := range t.Distance {
		at := fmt.Sprintf("distance[%d].", i)
		c.within(at+"over_m", b.OverM, maxMetres)
		c.that(i == 0 || b.OverM > t.Distance[i-1].OverM, at+"over_m", "must be more than that of the band before", b.OverM)
		c.that(b.StepM == 100 || b.StepM == 1000, at+"step_m", "must be 100 or 1000", b.StepM)
		c.amount(at+"amount", b.Amount)
	}
	c.that(len(t.Weight) <= maxBands, "weight", fmt.Sprintf("may have %d bands", maxBands), len(t.Weight))
	for i, b := range t.Weight {
		at := fmt.Sprintf("weight[%d].", i)
		c.within(at+"over_g", b.OverG, maxGrams)
		c.that(i == 0 || b.OverG > t.Weight[i-1].OverG, at+"over_g", "must be more than that of the band before", b.OverG)
		c.amount(at+"amount", b.Amount)
	}
}

func (c *checks) surcharges(field string, list []Surcharge) {
	c.that(len(list) <= maxTimes, field, fmt.Sprintf("may be %d", maxTimes), len(list))
	for i, s := range list {
		at := fmt.Sprintf("%s[%d].", field, i)
		c.that(s.Name != "" && len(s.Name) <= 400, at+"name", "must have 1 to 100 characters", nil)
		s.Weekly.Faults(func(field, message string, value any) { c.that(false, at+field, message, value) })
		c.extra(at, s.Amount, s.Percent)
	}
}

// extra is either an amount or a percentage.
func (c *checks) extra(at string, amount int64, percent int) {
	c.amount(at+"amount", amount)
	c.within(at+"percent", percent, maxPercent)
	c.that((amount > 0) != (percent > 0), at+"amount", "must be given, or else percent; not both", amount)
}

func (c *checks) riderPay(p RiderPay) {
	c.amount("rider_pay.per_order", p.PerOrder)
	c.amount("rider_pay.per_km", p.PerKm)
	c.surcharges("rider_pay.peaks", surchargesOf(p.Peaks))
	c.that(len(p.LongDistance) <= maxBands, "rider_pay.long_distance", fmt.Sprintf("may have %d bands", maxBands), len(p.LongDistance))
	for i, b := range p.LongDistance {
		at := fmt.Sprintf("rider_pay.long_distance[%d].", i)
		c.within(at+"over_m", b.OverM, maxMetres)
		c.that(i == 0 || b.OverM > p.LongDistance[i-1].OverM, at+"over_m", "must be more than that of the band before", b.OverM)
		c.amount(at+"per_km", b.PerKm)
	}
	if p.Rain != nil {
		c.extra("rider_pay.rain.", p.Rain.Amount, p.Rain.Percent)
	}
	if g := p.Guarantee; g != nil {
		c.that(g.PerHour > 0 && g.PerHour <= maxAmount, "rider_pay.guarantee.per_hour", fmt.Sprintf("must be 1 to %d", maxAmount), g.PerHour)
		c.within("rider_pay.guarantee.min_acceptance_percent", g.MinAcceptancePercent, 100)
	}
}
