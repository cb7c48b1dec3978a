package sim

import (
	"context"
	"fmt"
	"io"

	"github.com/paidan/paidan/internal/clock"
)

// Play runs a city's day and reports, showing on out how far it is. When ctx ends, the report is of what was played, Partial,
// and comes along with the error.
func Play(ctx context.Context, d *Day, o Options, out io.Writer) (Report, error) {
	cpu, watch := startCPU(), clock.StartStopwatch()
	defer cpu.stop()
	bar := NewProgress(out, len(d.Orders))
	defer bar.Close()
	if o.Watch == nil {
		o.Watch = func(now, placed int) {
			bar.Show(fmt.Sprintf("day %s, %02d:%02d, orders placed", d.Name, now/3600, now/60%60), placed)
		}
	}
	result, err := Run(ctx, d, o)
	if result == nil {
		return Report{}, fmt.Errorf("day %s: %w", d.Name, err)
	}
	v := result.Report()
	v.CPU, v.Wall, v.Partial = cpu.seconds(), watch.Elapsed().Seconds(), err != nil
	return v, err
}
