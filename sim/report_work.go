package sim

import "fmt"

// WorkReport is how much riders worked under a policy's limits.
type WorkReport struct {
	Hours      float64 `json:"hours"` // breaks left out
	Breaks     int     `json:"breaks"`
	BreakHours float64 `json:"break_hours"`
	CutShort   int     `json:"shifts_cut_short"` // ended by a limit before they were planned to
	NotBegun   int     `json:"shifts_not_begun"` // the rest before them was not over in time
	Overrun    float64 `json:"overrun_max_min"`  // the longest work beyond a limit: to bring what was given before
}

// atWork is how long a rider's shift was, breaks left out, seconds: the planned one's length where nothing limits it.
func (r *Result) atWork(i int) int {
	if r.Shifts == nil {
		return r.Day.Riders[i].Off - r.Day.Riders[i].On
	}
	n := r.Shifts[i].length()
	for _, b := range r.Breaks[i] {
		n -= b.length()
	}
	return n
}

func (r *Result) workReport() *WorkReport {
	if r.Shifts == nil {
		return nil
	}
	v := &WorkReport{Overrun: float64(r.Overrun) / minute}
	for i, s := range r.Shifts {
		v.Hours += float64(r.atWork(i)) / 3600
		v.Breaks += len(r.Breaks[i])
		for _, b := range r.Breaks[i] {
			v.BreakHours += float64(b.length()) / 3600
		}
		switch {
		case s.length() == 0:
			v.NotBegun++
		case s.To < r.Day.Riders[i].Off:
			v.CutShort++
		}
	}
	return v
}

func (v *WorkReport) String() string {
	return fmt.Sprintf("%.1f h, and %d breaks of %.1f h in all; %d shifts cut short by a limit, %d not begun; at most %.1f min beyond a limit",
		v.Hours, v.Breaks, v.BreakHours, v.CutShort, v.NotBegun, v.Overrun)
}

// meanWork is the mean of days; counts are sums, the longest work beyond a limit a maximum.
func meanWork(days []Report) *WorkReport {
	var mean *WorkReport
	for i := range days {
		v := days[i].Work
		if v == nil {
			continue
		}
		if mean == nil {
			mean = &WorkReport{}
		}
		mean.Hours += v.Hours / float64(len(days))
		mean.BreakHours += v.BreakHours / float64(len(days))
		mean.Breaks, mean.CutShort, mean.NotBegun = mean.Breaks+v.Breaks, mean.CutShort+v.CutShort, mean.NotBegun+v.NotBegun
		mean.Overrun = max(mean.Overrun, v.Overrun)
	}
	return mean
}
