package bench

import "github.com/paidan/paidan/dispatch/solver"

// VROOM's input and output (docs/API.md in its repository), so far as used here. Times are in seconds, ids from 1.

type vroomVehicle struct {
	ID          int         `json:"id"`
	Description string      `json:"description"`
	Profile     string      `json:"profile"`
	StartIndex  int         `json:"start_index"`
	Capacity    []int32     `json:"capacity"`
	Skills      []int       `json:"skills,omitempty"`
	TimeWindow  [2]int32    `json:"time_window"`
	MaxTasks    int32       `json:"max_tasks"`
	Steps       []vroomStep `json:"steps,omitempty"`
}

// vroomTask is a job, or one half of a shipment.
type vroomTask struct {
	ID            int        `json:"id"`
	Description   string     `json:"description"`
	LocationIndex int        `json:"location_index"`
	Setup         int32      `json:"setup,omitempty"`
	Service       int32      `json:"service,omitempty"`
	Delivery      []int32    `json:"delivery,omitempty"` // of jobs
	Skills        []int      `json:"skills,omitempty"`   // of jobs
	Priority      int        `json:"priority,omitempty"` // of jobs
	TimeWindows   [][2]int32 `json:"time_windows"`
}

type vroomShipment struct {
	Amount   []int32   `json:"amount"`
	Skills   []int     `json:"skills,omitempty"`
	Priority int       `json:"priority,omitempty"`
	Pickup   vroomTask `json:"pickup"`
	Delivery vroomTask `json:"delivery"`
}

// vroomStep is a stop, in vehicles of the input and in routes of the output.
type vroomStep struct {
	Type        string `json:"type"`
	ID          int    `json:"id,omitempty"`
	Description string `json:"description,omitempty"`
}

type vroomAnswer struct {
	Code    *int   `json:"code"`
	Error   string `json:"error"`
	Summary struct {
		ComputingTimes struct {
			Loading float64 `json:"loading"` // milliseconds
			Solving float64 `json:"solving"`
		} `json:"computing_times"`
	} `json:"summary"`
	Unassigned []vroomStep `json:"unassigned"`
	Routes     []struct {
		Vehicle     int         `json:"vehicle"`
		Description string      `json:"description"`
		Steps       []vroomStep `json:"steps"`
	} `json:"routes"`
}

const (
	vroomPickup   = "pickup"
	vroomDelivery = "delivery"
	vroomJob      = "job"
)

// Skills of the export: the orders' own bits, kinds of vehicle that may carry an order, and being a certain vehicle.
const (
	skillBit      = 1    // + bit
	skillVehicles = 100  // + mask of the kinds
	skillSelf     = 1000 // + rider
)

// describe names rider r of a batch; the answer repeats it.
func describe(p *solver.Problem, name string, r int) string {
	return p.Riders[r].ID + " of " + name
}
