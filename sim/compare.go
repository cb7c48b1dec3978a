package sim

import (
	"context"
	"errors"
	"io"
	"math"
	"runtime"
	"sync"

	"golang.org/x/sync/errgroup"
)

// Series is one way of dispatching, over days.
type Series struct {
	Policy string   `json:"policy"`
	Days   []Report `json:"days"`
}

// Way is how a series is dispatched: it makes the day of a seed and the options to play it with.
type Way struct {
	Policy string
	Day    func(seed uint64) (*Day, Options, error)
}

// PlayWays plays the days of n seeds, from the first one on, in each of the ways: one day on each core at a time. When ctx ends, the
// seeds that all ways have been played with are returned along with its error.
func PlayWays(ctx context.Context, ways []Way, first uint64, n int, out io.Writer) ([]Series, error) {
	played := make([][]Report, len(ways))
	for k := range ways {
		played[k] = make([]Report, n)
	}
	var mu sync.Mutex
	done, missing := 0, make([]bool, n)
	bar := NewProgress(out, len(ways)*n)
	defer bar.Close()
	g, all := errgroup.WithContext(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0))
	for i := range n {
		for k, way := range ways {
			g.Go(func() error {
				report, err := way.play(all, first+uint64(i))
				mu.Lock()
				defer mu.Unlock()
				if err != nil {
					missing[i] = true
					return err
				}
				played[k][i] = report
				done++
				bar.Show("days", done)
				return nil
			})
		}
	}
	err := g.Wait()
	series := make([]Series, len(ways))
	for k := range ways {
		series[k].Policy = ways[k].Policy
		for i := range n {
			if !missing[i] {
				series[k].Days = append(series[k].Days, played[k][i])
			}
		}
	}
	if err != nil && !errors.Is(err, context.Canceled) {
		return nil, err
	}
	return series, err
}

func (w Way) play(ctx context.Context, seed uint64) (Report, error) {
	d, o, err := w.Day(seed)
	if err != nil {
		return Report{}, err
	}
	return Play(ctx, d, o, io.Discard)
}

// Difference is how much more of something a second series has than a first one, day by day on the same days.
type Difference struct {
	Metric string  `json:"metric"`
	A      float64 `json:"a"`    // mean of the first
	B      float64 `json:"b"`    // mean of the second
	Mean   float64 `json:"mean"` // of B − A
	// Low and High hold the true mean difference with 95 % confidence: Student's t, the days being independent and their differences
	// about normal. nil where there is only one day.
	Low  *float64 `json:"low"`
	High *float64 `json:"high"`
}

// compared are the metrics of Compare.
var compared = []struct {
	name string
	of   func(*Report) float64
}{
	{"click-to-door, min", func(v *Report) float64 { return v.CTDMean }},
	{"late, %", func(v *Report) float64 { return v.Late }},
	{"undelivered, %", func(v *Report) float64 { return v.Undelivered }},
	{"Gini of pay an hour", func(v *Report) float64 { return v.EarnedGini }},
	{"p90 longest wait, min", func(v *Report) float64 { return v.WaitP90 }},
	{"orders per rider-hour", func(v *Report) float64 { return v.PerHour }},
}

// Compare sets a second series against a first one of the same days.
func Compare(a, b []Report) []Difference {
	n := min(len(a), len(b))
	if n == 0 {
		return nil
	}
	var out []Difference
	for _, m := range compared {
		d := Difference{Metric: m.name}
		diffs := make([]float64, n)
		for i := range n {
			x, y := m.of(&a[i]), m.of(&b[i])
			d.A += x / float64(n)
			d.B += y / float64(n)
			diffs[i] = y - x
		}
		mean, half := interval(diffs)
		if d.Mean = mean; n > 1 {
			low, high := mean-half, mean+half
			d.Low, d.High = &low, &high
		}
		out = append(out, d)
	}
	return out
}

// interval is the mean of some values and half the width of its 95 % confidence interval; infinite for one value.
func interval(xs []float64) (mean, half float64) {
	n := float64(len(xs))
	for _, x := range xs {
		mean += x / n
	}
	squares := 0.0
	for _, x := range xs {
		squares += (x - mean) * (x - mean)
	}
	if len(xs) < 2 {
		return mean, math.Inf(1)
	}
	return mean, student975(len(xs)-1) * math.Sqrt(squares/(n-1)/n)
}

// student is the 0.975 quantile of Student's t distribution by degrees of freedom, from 1 (NIST/SEMATECH e-Handbook of Statistical
// Methods, table 1.3.6.7.2).
var student = [...]float64{
	12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131,
	2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042,
}

// student975 takes the next lower entry beyond the table's thirty, which is on the safe side.
func student975(freedom int) float64 {
	switch {
	case freedom <= len(student):
		return student[freedom-1]
	case freedom < 60:
		return student[len(student)-1]
	case freedom < 100:
		return 2.000
	}
	return 1.984
}
