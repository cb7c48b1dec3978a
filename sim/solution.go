package sim

// Solution is a finished day of an MDRP instance: what the library's own evaluator reads. Indexes are those of the instance.
type Solution struct {
	Bundles    []Bundle   // as picked up, by assignment time
	Deliveries []Delivery // by order; undelivered orders are left out
	Moves      [][]Move   // by courier, in sequence
}

// Bundle is a set of orders picked up together.
type Bundle struct {
	Assigned, Pickup int // minutes
	Courier          int
	Orders           []int // in drop-off sequence
}

// Delivery is the fate of one order.
type Delivery struct {
	Order, Courier  int
	Pickup, Dropoff int // minutes
}

// Move is a ride of a courier, from one place to the next.
type Move struct {
	Depart   int // minute
	From, To Place
}

// Place names a place of an instance.
type Place struct {
	Kind  PlaceKind
	Index int // of the restaurant or order
}

// PlaceKind is what a Place is.
type PlaceKind uint8

// The kinds.
const (
	OnLocation PlaceKind = iota // where the courier began
	AtRestaurant
	AtCustomer
)
