package sim

import (
	"fmt"
	"io"
	"strings"
)

// reportColumns are Report's numbers as a table has them.
var reportColumns = []struct {
	head, format string
	of           func(*Report) any
}{
	{"day", "%-10s", func(v *Report) any { return v.Name }},
	{"orders", "%6d", func(v *Report) any { return v.Orders }},
	{"riders", "%6d", func(v *Report) any { return v.Riders }},
	{"und %", "%5.2f", func(v *Report) any { return v.Undelivered }},
	{"ctd", "%5.2f", func(v *Report) any { return v.CTDMean }},
	{"floor", "%5.2f", func(v *Report) any { return v.CTDFloor }},
	{"p90", "%5.1f", func(v *Report) any { return v.CTDP90 }},
	{"p95", "%5.1f", func(v *Report) any { return v.CTDP95 }},
	{"late %", "%6.2f", func(v *Report) any { return v.Late }},
	{"floor %", "%7.2f", func(v *Report) any { return v.LateFloor }},
	{"late min", "%8.2f", func(v *Report) any { return v.LateMean }},
	{"unavoid %", "%9.2f", func(v *Report) any { return v.Unavoidable }},
	{"rtp", "%5.2f", func(v *Report) any { return v.RTP }},
	{"rtd", "%5.2f", func(v *Report) any { return v.RTD }},
	{"o/pick", "%6.3f", func(v *Report) any { return v.PerPickup }},
	{"o/h", "%5.3f", func(v *Report) any { return v.PerHour }},
	{"util", "%5.3f", func(v *Report) any { return v.Utilisation }},
	{"gini pay", "%8.3f", func(v *Report) any { return v.EarnedGini }},
	{"p10 pay", "%7.2f", func(v *Report) any { return v.EarnedP10 }},
	{"gini idle", "%9.3f", func(v *Report) any { return v.IdleGini }},
	{"p90 wait", "%8.1f", func(v *Report) any { return v.WaitP90 }},
	{"rounds", "%6d", func(v *Report) any { return v.Rounds }},
	{"p50 ms", "%7.1f", func(v *Report) any { return v.RoundP50 }},
	{"p99 ms", "%7.1f", func(v *Report) any { return v.RoundP99 }},
	{"max ms", "%7.1f", func(v *Report) any { return v.RoundMax }},
	{"cpu s", "%6.1f", func(v *Report) any { return v.CPU }},
	{"wall s", "%6.1f", func(v *Report) any { return v.Wall }},
}

// WriteReports writes a table with a line for each report, and one more where work was limited.
func WriteReports(w io.Writer, reports ...Report) error {
	var b strings.Builder
	row := func(cell func(k int) string) {
		cells := make([]string, len(reportColumns))
		for k := range reportColumns {
			cells[k] = cell(k)
		}
		b.WriteString(strings.TrimRight(strings.Join(cells, "  "), " ") + "\n")
	}
	widths := make([]int, len(reportColumns))
	lines := make([][]string, len(reports))
	for i := range reports {
		for k, c := range reportColumns {
			text := fmt.Sprintf(c.format, c.of(&reports[i]))
			lines[i] = append(lines[i], text)
			widths[k] = max(widths[k], len(text), len(c.head))
		}
	}
	row(func(k int) string {
		if k == 0 {
			return fmt.Sprintf("%-*s", widths[k], reportColumns[k].head)
		}
		return fmt.Sprintf("%*s", widths[k], reportColumns[k].head)
	})
	for i := range lines {
		row(func(k int) string { return fmt.Sprintf("%*s", widths[k], lines[i][k]) })
	}
	for i := range reports {
		if v := reports[i].Work; v != nil {
			fmt.Fprintf(&b, "work, %s: %v\n", reports[i].Name, v)
		}
	}
	_, err := io.WriteString(w, b.String())
	return err
}
