package dispatch

import "time"

// Fairness is what it is worth that work and earnings are shared. With weights of 0 the engine neither reads nor weighs how riders stand.
type Fairness struct {
	Idle     float64 `json:"idle" minimum:"0" maximum:"1" doc:"Minutes that an order costs less with a rider for each minute that the rider has been without work."`
	IdleMaxS int     `json:"idle_max_s" minimum:"60" maximum:"14400" doc:"Seconds without work beyond which waiting longer counts no more."`
	Earnings float64 `json:"earnings" minimum:"0" maximum:"30" doc:"Minutes that an order costs less with a rider who has earned nothing on the shift, and more with one who has earned twice as much an hour as the zone's median; between and around them in proportion, and no more than that."`
}

// DefaultFairness is in docs/benchmarks.md with what it costs.
func DefaultFairness() Fairness { return Fairness{IdleMaxS: 3600} }

func (f Fairness) none() bool { return f.Idle == 0 && f.Earnings == 0 }

func (f Fairness) idleMax() time.Duration { return time.Duration(f.IdleMaxS) * time.Second }

func (f Fairness) faults() []Fault {
	var faults []Fault
	if !(f.Idle >= 0 && f.Idle <= 1) {
		faults = append(faults, Fault{"fairness.idle", "must be 0 to 1", f.Idle})
	}
	if !(f.Earnings >= 0 && f.Earnings <= 30) {
		faults = append(faults, Fault{"fairness.earnings", "must be 0 to 30", f.Earnings})
	}
	if f.IdleMaxS < 60 || f.IdleMaxS > 14_400 {
		faults = append(faults, outOfRange("fairness.idle_max_s", f.IdleMaxS, 60, 14_400))
	}
	return faults
}
