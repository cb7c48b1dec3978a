package tariff

import (
	"time"

	"github.com/paidan/paidan/order"
)

// Input is what a fee depends on besides the tariff.
type Input struct {
	DistanceM    int
	WeightG      int       // 0: not told
	At           time.Time // when it is wanted, in the tenant's time zone: its weekday and clock decide about surcharges
	SurgePercent int       // of Surge.Percent
}

// Price is the fee of an order, but for its tariff's version. The percents of surcharges and surge are of base, distance and weight
// alone: they don't multiply. Halves are rounded up.
func Price(t Tariff, in Input) order.Fee {
	b := bill{order.Fee{Money: order.Money{Currency: t.Currency}, DistanceM: in.DistanceM}}
	b.add(order.FeeTerm{Kind: order.TermBase, Minor: t.Base})
	b.add(order.FeeTerm{Kind: order.TermDistance, Minor: distance(t.Distance, in.DistanceM)})
	b.add(order.FeeTerm{Kind: order.TermWeight, Minor: weight(t.Weight, in.WeightG)})
	plain := b.Minor
	for _, s := range t.Surcharges {
		if s.Has(in.At) {
			b.add(order.FeeTerm{Kind: order.TermTime, Minor: s.Amount + percent(plain, s.Percent), Name: s.Name, Percent: s.Percent})
		}
	}
	b.add(order.FeeTerm{Kind: order.TermSurge, Minor: percent(plain, in.SurgePercent), Percent: in.SurgePercent})
	b.add(order.FeeTerm{Kind: order.TermMinimum, Minor: t.Minimum - b.Minor})
	return b.Fee
}

// bill is a fee in the making.
type bill struct{ order.Fee }

// add leaves out what costs nothing, but for the base: a fee has at least one term.
func (b *bill) add(t order.FeeTerm) {
	if t.Minor <= 0 && t.Kind != order.TermBase {
		return
	}
	b.Minor += t.Minor
	b.Terms = append(b.Terms, t)
}

// distance prices a way band by band; a step that was begun is paid whole.
func distance(bands []DistanceBand, metres int) int64 {
	var sum int64
	for i, b := range bands {
		end := metres
		if i+1 < len(bands) {
			end = min(end, bands[i+1].OverM)
		}
		if part := end - b.OverM; part > 0 {
			sum += int64((part+b.StepM-1)/b.StepM) * b.Amount
		}
	}
	return sum
}

// weight is that of the last band that the order is above.
func weight(bands []WeightBand, grams int) int64 {
	var amount int64
	for _, b := range bands {
		if grams > b.OverG {
			amount = b.Amount
		}
	}
	return amount
}

// percent is a part of an amount; halves are rounded up.
func percent(amount int64, of int) int64 { return (amount*int64(of) + 50) / 100 }
