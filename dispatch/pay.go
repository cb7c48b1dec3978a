package dispatch

import "math"

// pay tells the solver which riders' orders cost pay: a rider who will hardly exceed the orders that the shift's guaranteed
// pay covers delivers for nothing. The number of orders that a rider will yet get is taken as Poisson's, at the zone's
// present rate, and its distribution as normal.
func (d *Demand) pay(s *Snapshot, in *Instance) {
	perHour := s.Zone.Policy.GuaranteePerHour
	n := len(in.Problem.Riders)
	if n == 0 {
		return
	}
	rate := d.perHour() / float64(n)
	for i := range in.Problem.Riders {
		r := &in.Problem.Riders[i]
		if perHour == 0 {
			r.PayShare = 1
			continue
		}
		shift := in.Riders[i].Shift
		covered := perHour * shift.EndsAt.Sub(shift.StartedAt).Hours()
		more := rate * max(0, float64(r.ShiftEnd-r.FreeAt)/3600)
		r.PayShare = normal((float64(shift.Delivered) + more + 0.5 - covered) / math.Sqrt(more+0.3))
	}
}

// normal is the distribution function of the standard normal distribution.
func normal(x float64) float64 { return math.Erfc(-x/math.Sqrt2) / 2 }
