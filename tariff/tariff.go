package tariff

// Tariff is a zone's prices. Amounts are in minor units of its currency, percents whole.
type Tariff struct {
	Currency     string         `json:"currency" pattern:"^[A-Z]{3}$" doc:"ISO 4217; all amounts are in its minor unit."`
	Base         int64          `json:"base" minimum:"0" maximum:"1000000000" doc:"For every order."`
	Distance     []DistanceBand `json:"distance,omitempty" maxItems:"20" doc:"By distance from store to door as the crow flies, ascending. What lies before the first band is in the base."`
	Weight       []WeightBand   `json:"weight,omitempty" maxItems:"20" doc:"By weight, ascending: the last band that the order is above counts."`
	Surcharges   []Surcharge    `json:"surcharges,omitempty" maxItems:"50" doc:"By weekday and time of day, in the tenant's time zone. All that fit count."`
	Surge        Surge          `json:"surge,omitzero" doc:"By the supply gap, for orders for right away."`
	Minimum      int64          `json:"minimum,omitempty" minimum:"0" maximum:"1000000000" doc:"The least fee."`
	MaxDistanceM int            `json:"max_distance_m,omitempty" minimum:"0" maximum:"100000" doc:"Orders that go farther are refused; 0 for no limit."`
	MaxWeightG   int            `json:"max_weight_g,omitempty" minimum:"0" maximum:"1000000" doc:"Heavier orders are refused; 0 for no limit."`

	RiderPay         RiderPay `json:"rider_pay,omitzero" doc:"What a rider earns by an order delivered, or brought back to the store."`
	CancelPercent    int      `json:"cancel_percent,omitempty" minimum:"0" maximum:"100" doc:"Of the fee, owed for an order that its merchant or customer cancels once a rider has it. Before that it is free."`
	ReturnOffPercent int      `json:"return_off_percent,omitempty" minimum:"0" maximum:"100" doc:"Taken off the fee of an order that could not be delivered and is back at the store."`
}

// DistanceBand prices the part of the way beyond OverM, up to the next band.
type DistanceBand struct {
	OverM  int   `json:"over_m" minimum:"0" maximum:"100000" doc:"Metres at which the band begins."`
	StepM  int   `json:"step_m" enum:"100,1000" doc:"Each started 100 or 1000 metres in the band costs the amount."`
	Amount int64 `json:"amount" minimum:"0" maximum:"1000000000"`
}

// WeightBand prices orders heavier than OverG.
type WeightBand struct {
	OverG  int   `json:"over_g" minimum:"0" maximum:"1000000" doc:"Grams."`
	Amount int64 `json:"amount" minimum:"0" maximum:"1000000000"`
}
