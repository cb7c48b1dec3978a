package order

import (
	"encoding/json"
	"fmt"
)

// Fee is what the merchant pays for the delivery. It is fixed when the order is placed: the tariff may change afterwards, the fee
// does not.
type Fee struct {
	Money
	Tariff    int64     `json:"tariff"`     // the version of the zone's tariff that it was made by
	DistanceM int       `json:"distance_m"` // from store to door, as it was billed
	Terms     []FeeTerm `json:"terms"`      // they add up to the amount
}

// FeeTerm is one part of a fee.
type FeeTerm struct {
	Kind    TermKind `json:"kind"`
	Minor   int64    `json:"minor"`
	Name    string   `json:"name,omitempty"`    // of a surcharge, as the tariff calls it
	Percent int      `json:"percent,omitempty"` // of base, distance and weight, where it is such a part
}

// TermKind says what a part of a fee is for.
type TermKind string

// The parts of a fee, in the order in which they are told.
const (
	TermBase     TermKind = "base"
	TermDistance TermKind = "distance"
	TermWeight   TermKind = "weight"
	TermTime     TermKind = "time"    // a surcharge by the time of day
	TermSurge    TermKind = "surge"   // more orders than the riders can take
	TermMinimum  TermKind = "minimum" // what is missing to the least fee
)

// feeColumns are a fee as it is stored: all NULL where there is none.
type feeColumns struct {
	minor    *int64
	currency *string
	tariff   *int64
	distance *int32
	terms    []byte
}

func (c feeColumns) fee() (*Fee, error) {
	if c.minor == nil {
		return nil, nil
	}
	f := &Fee{Money: Money{*c.minor, *c.currency}, Tariff: *c.tariff, DistanceM: int(*c.distance)}
	if err := json.Unmarshal(c.terms, &f.Terms); err != nil {
		return nil, fmt.Errorf("read its fee's terms: %w", err)
	}
	return f, nil
}

// feeArrays are the fees of a batch, one array per column.
type feeArrays struct {
	minors     []*int64
	currencies []*string
	tariffs    []*int64
	distances  []*int32
	terms      []*string
}

func feesOf(os []Order) (feeArrays, error) {
	n := len(os)
	a := feeArrays{make([]*int64, n), make([]*string, n), make([]*int64, n), make([]*int32, n), make([]*string, n)}
	for i, o := range os {
		if o.Fee == nil {
			continue
		}
		terms, err := json.Marshal(append([]FeeTerm{}, o.Fee.Terms...)) // none is [], not null
		if err != nil {
			return a, err
		}
		f := *o.Fee
		a.minors[i], a.currencies[i], a.tariffs[i], a.distances[i], a.terms[i] =
			&f.Minor, &f.Currency, &f.Tariff, new(int32(f.DistanceM)), new(string(terms))
	}
	return a, nil
}
