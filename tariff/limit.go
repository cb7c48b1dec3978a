package tariff

import "fmt"

// LimitError means that a tariff does not take an order: it is beyond its MaxDistanceM or MaxWeightG.
type LimitError struct {
	What       string // "distance_m" or "weight_g"
	Value, Max int
}

func (e *LimitError) Error() string {
	return fmt.Sprintf("%s is %d, the tariff's limit %d", e.What, e.Value, e.Max)
}

// Takes is a *LimitError where the order is too far or too heavy.
func (t Tariff) Takes(distanceM, weightG int) error {
	switch {
	case t.MaxDistanceM > 0 && distanceM > t.MaxDistanceM:
		return &LimitError{"distance_m", distanceM, t.MaxDistanceM}
	case t.MaxWeightG > 0 && weightG > t.MaxWeightG:
		return &LimitError{"weight_g", weightG, t.MaxWeightG}
	}
	return nil
}
