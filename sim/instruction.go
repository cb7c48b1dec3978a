package sim

// Instruction is one thing that a courier was told, with what was known then. The log of them is all that the checker
// believes: from it and the instance everything else is computed anew.
type Instruction struct {
	At      int   // minute
	Courier int   // index in MDRP.Couriers
	Kind    Kind  //
	Store   int   // index in MDRP.Restaurants: where to go, or, for a delivery, where to pick up
	Orders  []int // of a delivery: in the sequence of the drop-offs; indexes in MDRP.Orders
	For     []int // of a move: the orders it is made for; none for a mere drift to where demand is likely
	Known   int   // how many orders, the first ones by placement, were known
}

// Kind is what an Instruction asks for.
type Kind uint8

// The kinds.
const (
	// Reposition sends an idle courier to a restaurant, without an order. On arrival the courier is free again.
	Reposition Kind = iota
	// Deliver gives a bundle of one restaurant: go there, if elsewhere, pick it up when it is ready, drop it off in sequence.
	Deliver
	// Update replaces the orders of a Deliver; it must come at the very minute in which the courier arrives at the restaurant.
	Update
	// Pick, under platform rules only, has the courier who is at a restaurant pick up orders there.
	Pick
	// Drop, under platform rules only, sends the courier to the door of Orders[0], which is aboard.
	Drop
)
