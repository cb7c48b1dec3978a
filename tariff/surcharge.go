package tariff

import "github.com/paidan/paidan/internal/clock"

// Surcharge is added on some weekdays, from one time of the day until another.
type Surcharge struct {
	Name string `json:"name" minLength:"1" maxLength:"100" doc:"As the bill shows it."`
	clock.Weekly
	Amount  int64 `json:"amount,omitempty" minimum:"0" maximum:"1000000000"`
	Percent int   `json:"percent,omitempty" minimum:"0" maximum:"500" doc:"Of base, distance and weight; instead of an amount."`
}
