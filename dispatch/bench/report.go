package bench

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// Report is what a run measured.
type Report struct {
	Go      string   `json:"go"`    // version, system and processor
	Cores   int      `json:"cores"` // in use, not the machine's
	Seed    uint64   `json:"seed"`
	LimitS  float64  `json:"limit_s"`
	Times   string   `json:"times"` // "wall" or "cpu"
	Results []Result `json:"results"`
}

// What Report.Times may be.
const (
	TimesWall = "wall"
	TimesCPU  = "cpu"
)

// Write prints the report for people: a column for each batch.
func (r Report) Write(out io.Writer) error {
	w := tabwriter.NewWriter(out, 0, 0, 0, ' ', tabwriter.AlignRight)
	line := func(name string, cell func(*Result) string) {
		_, _ = fmt.Fprintf(w, "%-25s\t", name) // Flush tells
		for i := range r.Results {
			_, _ = fmt.Fprint(w, "   ", cell(&r.Results[i]), "\t")
		}
		_, _ = fmt.Fprintln(w)
	}
	line("orders x riders", func(x *Result) string { return x.Batch })
	line("orders on board", func(x *Result) string { return count(float64(x.OnBoard)) })
	line("candidates after", func(x *Result) string { return duration(x.CandidatesS) })
	line("first plan after", func(x *Result) string {
		if x.FirstPlan == nil {
			return "–"
		}
		return duration(x.FirstPlan.AtS)
	})
	line("its cost", func(x *Result) string { return x.FirstPlan.text() })
	for i, m := range r.marks() {
		line("cost after "+duration(m), func(x *Result) string {
			if i >= len(x.After) {
				return "–"
			}
			return x.After[i].text()
		})
	}
	line("cost in the end", func(x *Result) string { return x.End.text() })
	line("per order", func(x *Result) string { return fmt.Sprintf("%.2f", x.End.Cost/float64(x.Orders+x.OnBoard)) })
	line("ended after", func(x *Result) string {
		return duration(x.End.AtS) + map[bool]string{true: " (interrupted)"}[x.Interrupted]
	})
	line("iterations", func(x *Result) string { return count(float64(x.Iterations)) })
	line("iterations/s", func(x *Result) string { return count(x.IterationsPerS) })
	line("insertions/s, first plan", func(x *Result) string { return millions(x.FirstEvaluationsPerS) })
	line("insertions/s, improvement", func(x *Result) string { return millions(x.EvaluationsPerS) })
	line("peak memory (RSS)", func(x *Result) string {
		return mebibytes(x.Memory.PeakRSSBytes) + map[bool]string{true: " of all"}[x.Memory.PeakRSSOf == "process"]
	})
	line("heap", func(x *Result) string { return mebibytes(x.Memory.HeapBytes) })
	line("share of a core", func(x *Result) string {
		if x.CPUShare == nil {
			return "–"
		}
		return fmt.Sprintf("%.2f", *x.CPUShare)
	})
	if err := w.Flush(); err != nil {
		return err
	}
	if r.Times == TimesCPU {
		if _, err := io.WriteString(out, "All times are CPU times.\n"); err != nil {
			return err
		}
	}
	for i := range r.Results {
		if c := r.Results[i].Compared; c != nil {
			if _, err := io.WriteString(out, c.text()); err != nil {
				return err
			}
		}
	}
	return nil
}

// marks are those of the batch that has most; all have the same as far as they go.
func (r Report) marks() []float64 {
	var out []float64
	for i := range r.Results {
		for _, m := range r.Results[i].After[min(len(out), len(r.Results[i].After)):] {
			out = append(out, m.AfterS)
		}
	}
	return out
}

// text is the cost, with the orders that wait in brackets.
func (p *Point) text() string {
	switch {
	case p == nil:
		return "–"
	case p.Waiting > 0:
		return fmt.Sprintf("%s (%d wait)", count(p.Cost), p.Waiting)
	}
	return count(p.Cost)
}

func (c *Compared) text() string {
	var b strings.Builder
	fmt.Fprintf(&b, "\n%s's plan under our cost: %s", c.Solver, (&Point{Cost: c.Cost, Waiting: c.Waiting}).text())
	if c.TookS > 0 {
		fmt.Fprintf(&b, ", found in %s by its own count", duration(c.TookS))
	}
	b.WriteString(". Its own objective is another.\n")
	if c.Reached == nil {
		b.WriteString("Ours did not become as cheap.\n")
	} else {
		fmt.Fprintf(&b, "Ours was as cheap after %s: %s\n", duration(c.Reached.AtS), c.Reached.text())
	}
	if c.InTime != nil {
		fmt.Fprintf(&b, "Ours after 1 %% of its time (%s): %s\n", duration(c.InTime.AtS), c.InTime.text())
	}
	if len(c.Faults) > 0 {
		fmt.Fprintf(&b, "It breaks %d of our rules:\n", len(c.Faults))
		for _, f := range c.Faults[:min(len(c.Faults), 10)] {
			fmt.Fprintf(&b, "  %s\n", f)
		}
	}
	return b.String()
}

// count writes whole numbers with commas.
func count(x float64) string {
	s := fmt.Sprintf("%.0f", x)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

func millions(x float64) string { return fmt.Sprintf("%.1f M", x/1e6) }

func duration(s float64) string {
	if s < 0.0995 {
		return fmt.Sprintf("%.1f ms", s*1000)
	}
	return fmt.Sprintf("%.3g s", s)
}

func mebibytes(n int64) string {
	if n <= 0 {
		return "–"
	}
	return fmt.Sprintf("%.0f MiB", float64(n)/(1<<20))
}
