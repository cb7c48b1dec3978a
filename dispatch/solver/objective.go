package solver

// DefaultObjective returns the weights that did best on 240 days of Grubhub's
// meal-delivery data. A steeper price of lateness is worse when riders are
// scarce, and a work price that grows with load bundles too much.
func DefaultObjective() Objective {
	return Objective{
		ClickToDoor: 1, Late: 0.5, VeryLate: 0.5, VeryLateAfter: 20 * 60,
		Work: 0.15, Pay: 2, Unassigned: 400,
	}
}

// orDefault lets a Problem leave its Objective out.
func (o Objective) orDefault() Objective {
	if o == (Objective{}) {
		return DefaultObjective()
	}
	return o
}

// weights are an Objective per second.
type weights struct {
	door, late, veryLate, work float64
	pay, unassigned            float64 // per order
}

func (o Objective) weights() weights {
	return weights{
		door: o.ClickToDoor / 60, late: o.Late / 60, veryLate: o.VeryLate / 60, work: o.Work / 60,
		pay: o.Pay, unassigned: o.Unassigned,
	}
}

// own is what an order costs when its drop-off ends at t. It has no branches, for it is asked of early and late orders by turns.
func (w *weights) own(x *order, t int32) float64 {
	return w.door*float64(t-x.placed) + w.late*float64(max(0, t-x.target)) + w.veryLate*float64(max(0, t-x.veryLate))
}

// penalty is the cost of leaving x: the delay so far counts as well. Without
// that an order which has waited for hours would look too dear to deliver and
// be left for ever.
func (w *weights) penalty(x *order) float64 {
	return w.unassigned + max(0, w.own(x, 0))
}
