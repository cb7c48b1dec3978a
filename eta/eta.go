package eta

import (
	"fmt"
	"maps"
	"slices"
	"time"
)

// Model answers how long things take. It never changes, so any number of goroutines may share it.
type Model struct {
	params  Params
	slowest Vehicle // stands in for kinds that the parameters don't know
}

// New is a Model of p, which it checks and copies.
func New(p Params) (*Model, error) {
	if err := p.Validate(); err != nil {
		return nil, fmt.Errorf("ETA parameters: %w", err)
	}
	p.Vehicles = maps.Clone(p.Vehicles)
	m := &Model{params: p}
	names := slices.Sorted(maps.Keys(p.Vehicles))
	m.slowest = p.Vehicles[names[0]]
	for _, n := range names {
		if v := p.Vehicles[n]; v.SpeedMps/v.Detour < m.slowest.SpeedMps/m.slowest.Detour {
			m.slowest = v
		}
	}
	return m, nil
}

// Params is a copy of what the model knows.
func (m *Model) Params() Params {
	p := m.params
	p.Vehicles = maps.Clone(p.Vehicles)
	return p
}

// ReadyEstimate is when the food of an order placed now is expected: the store's median preparation after placement, the
// default one for a store that told none.
func (m *Model) ReadyEstimate(placed time.Time, prep Range) time.Time {
	return placed.Add(m.prep(prep).P50)
}

func (m *Model) prep(r Range) Range {
	if r == (Range{}) {
		return m.params.DefaultPrep
	}
	return r
}

func (m *Model) handoff(r Range) Range {
	if r == (Range{}) {
		return m.params.DefaultHandoff
	}
	return r
}
