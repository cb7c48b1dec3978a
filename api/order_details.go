package api

import (
	"cmp"
	"crypto/rand"
	"fmt"
	"maps"
	"math/big"
	"slices"

	"github.com/paidan/paidan/order"
)

// What a merchant may tell of an order beside where it goes.

const (
	maxTag      = 64  // bytes
	maxMetadata = 50  // entries
	maxMetaKey  = 64  // bytes
	maxMetaText = 500 // bytes
)

// Demand is the proof without which an order can't be delivered.
type Demand struct {
	Photo     bool      `json:"photo,omitempty"`
	Signature bool      `json:"signature,omitempty"`
	PIN       string    `json:"pin,omitempty" pattern:"^([0-9]{4,6}|auto)$" doc:"The customer tells it to the rider: 4 to 6 digits, or auto to have one made. Answers show it; riders don't see it."`
	Barcode   string    `json:"barcode,omitempty" minLength:"1" maxLength:"128" doc:"The rider scans it at the door. Riders don't see it."`
	AgeCheck  *AgeCheck `json:"age_check,omitempty" nullable:"false"`
}

// AgeCheck is a least age of who takes an order.
type AgeCheck struct {
	MinAge int `json:"min_age" minimum:"1" maximum:"120" doc:"Years."`
}

// autoPIN asks for a PIN of our making.
const autoPIN = "auto"

// demand is what is demanded, with a PIN where one has to be made.
func (d *Demand) demand() (order.Demand, error) {
	if d == nil {
		return order.Demand{}, nil
	}
	out := order.Demand{Photo: d.Photo, Signature: d.Signature, PIN: d.PIN, Barcode: d.Barcode}
	if d.AgeCheck != nil {
		out.MinAge = d.AgeCheck.MinAge
	}
	if d.PIN == autoPIN {
		n, err := rand.Int(rand.Reader, big.NewInt(10_000))
		if err != nil {
			return out, fmt.Errorf("make a PIN: %w", err)
		}
		out.PIN = fmt.Sprintf("%04d", n)
	}
	return out, nil
}

func demandOf(d order.Demand) Demand {
	j := Demand{Photo: d.Photo, Signature: d.Signature, PIN: d.PIN, Barcode: d.Barcode}
	if d.MinAge > 0 {
		j.AgeCheck = &AgeCheck{d.MinAge}
	}
	return j
}

func (m *Money) money() order.Money {
	if m == nil {
		return order.Money{}
	}
	return order.Money{Minor: m.Amount, Currency: m.Currency}
}

func moneyOf(m order.Money) nullable[Money] {
	if m.Currency == "" {
		return nullable[Money]{}
	}
	return some(Money{m.Minor, m.Currency})
}

// checkWords finds labels that are empty or too long.
func checkWords(field string, words []string, most int) []FieldFault {
	var faults []FieldFault
	for i, w := range words {
		if w == "" || len(w) > most {
			faults = append(faults, FieldFault{index(field, i), fmt.Sprintf("must have 1 to %d bytes", most), nil})
		}
	}
	return faults
}

func checkMetadata(metadata map[string]string) []FieldFault {
	var faults []FieldFault
	if len(metadata) > maxMetadata {
		faults = append(faults, FieldFault{"metadata", fmt.Sprintf("must have at most %d entries", maxMetadata), len(metadata)})
	}
	for _, k := range slices.Sorted(maps.Keys(metadata)) {
		field := "metadata." + cmp.Or(k, `""`)
		if k == "" || len(k) > maxMetaKey {
			faults = append(faults, FieldFault{field[:min(len(field), maxMetaKey)], fmt.Sprintf("names must have 1 to %d bytes", maxMetaKey), nil})
		}
		if len(metadata[k]) > maxMetaText {
			faults = append(faults, FieldFault{field, fmt.Sprintf("must have at most %d bytes", maxMetaText), nil})
		}
	}
	return faults
}
