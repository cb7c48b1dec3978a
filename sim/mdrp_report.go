package sim

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
)

// MDRPReport is what came of a set of instances, beside what is published of them.
type MDRPReport struct {
	Mean      Metrics              `json:"mean"`
	Classes   []Metrics            `json:"classes"` // means over the seeds
	Instances []Metrics            `json:"instances"`
	Reference map[string]Reference `json:"reference,omitempty"`
}

// NewMDRPReport sums instances up. A class is an instance's name without the seed before it.
func NewMDRPReport(instances []Metrics, reference map[string]Reference) MDRPReport {
	r := MDRPReport{Mean: MeanOf(instances), Instances: instances, Reference: reference}
	by := map[string][]Metrics{}
	for _, v := range instances {
		c := class(v.Name)
		by[c] = append(by[c], v)
	}
	for c, list := range by {
		v := MeanOf(list)
		v.Name = c
		r.Classes = append(r.Classes, v)
	}
	slices.SortFunc(r.Classes, func(a, b Metrics) int { return cmp.Compare(a.Name, b.Name) })
	return r
}

func class(name string) string { return strings.TrimLeft(name, "0123456789") }

// Write prints the report for people. Beside our values stand, after a slash, the bound that no policy can pass, and, in
// columns of their own, published click-to-door times.
func (r MDRPReport) Write(out io.Writer) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	head := strings.Split("instance|orders|undelivered %|click-to-door / bound|p90|p95|overage / bound|ready-to-pickup|$/order / bound|≤ target % / bound|"+
		"orders/bundle|utilisation|rounds|round p99 ms|CPU s|Reyes|FoodMatch|optimum", "|")
	_, _ = fmt.Fprintln(w, strings.Join(head, "\t")+"\t") // Flush tells
	row := func(v Metrics, ref Reference) {
		_, _ = fmt.Fprintf(w, "%s\t%d\t%.3f\t%s\t%.1f\t%.1f\t%s\t%.2f\t%s\t%s\t%.3f\t%.2f\t%d\t%.1f\t%.1f\t%s\t%s\t%s\t\n",
			v.Name, v.Orders, v.Undelivered, beside(v.CTDMean, ref.CTDBound), v.CTDP90, v.CTDP95, beside(v.Overage, ref.OverageBound), v.RTP,
			beside(v.CostPerOrder, ref.CostBound), beside(v.WithinTarget, ref.WithinBound), v.OrdersPerBundle, v.Utilisation, v.Rounds, v.RoundP99, v.CPU,
			known(ref.Reyes), known(ref.FoodMatch), known(ref.Optimum))
	}
	for _, v := range r.Instances {
		row(v, r.Reference[v.Name])
	}
	_, _ = fmt.Fprintln(w, strings.Repeat("\t", len(head)))
	for _, v := range r.Classes {
		row(v, r.referenceOf(func(name string) bool { return class(name) == v.Name }))
	}
	_, _ = fmt.Fprintln(w, strings.Repeat("\t", len(head)))
	row(r.Mean, r.referenceOf(func(string) bool { return true }))
	return w.Flush()
}

// referenceOf is the mean of what is published of the instances played that match.
func (r MDRPReport) referenceOf(match func(name string) bool) Reference {
	var list []Reference
	for _, v := range r.Instances {
		if ref, ok := r.Reference[v.Name]; ok && match(v.Name) {
			list = append(list, ref)
		}
	}
	return meanReference(list)
}

func beside(v, bound float64) string {
	if bound == 0 {
		return fmt.Sprintf("%.2f", v)
	}
	return fmt.Sprintf("%.2f / %.2f", v, bound)
}

func known(v float64) string {
	if v == 0 {
		return "–"
	}
	return fmt.Sprintf("%.2f", v)
}
