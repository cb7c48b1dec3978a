package tariff

// Surge is added while a zone has more orders than its riders can take. The zero value adds nothing.
type Surge struct {
	OrdersPerRider  int `json:"orders_per_rider" minimum:"0" maximum:"100" doc:"Open orders per rider on shift at which it begins."`
	PercentPerOrder int `json:"percent_per_order" minimum:"0" maximum:"500" doc:"For each order per rider beyond that, in proportion."`
	MaxPercent      int `json:"max_percent" minimum:"0" maximum:"500" doc:"Its bound."`
}

// Percent is the surge at a supply gap, 0 to MaxPercent, rounded down. Orders that nobody is on shift for are the widest gap.
func (s Surge) Percent(openOrders, riders int) int {
	gap := openOrders - s.OrdersPerRider*riders
	switch {
	case openOrders <= 0 || gap <= 0:
		return 0
	case riders <= 0:
		return s.MaxPercent
	}
	return min(s.MaxPercent, gap*s.PercentPerOrder/riders)
}
