package bench

import (
	"time"

	"github.com/paidan/paidan/dispatch/solver"
)

// Foreign is another solver's plan for a batch, under our cost.
type Foreign struct {
	Solver string
	Plan   solver.Plan
	Took   time.Duration // as it says itself, on however many threads it had; 0 = unknown
	Faults []string      // rules of ours that the plan breaks
}

// Compared puts a foreign plan beside ours.
type Compared struct {
	Solver  string   `json:"solver"`
	Cost    float64  `json:"cost"`
	Waiting int      `json:"waiting"`
	TookS   float64  `json:"took_s,omitempty"`
	Faults  []string `json:"faults,omitempty"`
	// Reached is when our plan was first seen to cost no more; absent if never.
	Reached *Point `json:"reached,omitempty"`
	// InTime is our plan after a hundredth of the other's time.
	InTime *Point `json:"after_one_percent,omitempty"`
}

func (f *Foreign) compare(reached, inTime *Point) *Compared {
	return &Compared{
		Solver: f.Solver, Cost: f.Plan.Cost, Waiting: len(f.Plan.Unassigned), TookS: f.Took.Seconds(), Faults: f.Faults,
		Reached: reached, InTime: inTime,
	}
}
