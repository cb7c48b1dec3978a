package backtest

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/paidan/paidan/dispatch"
	"github.com/paidan/paidan/sim"
)

// Other is the policy to compare with a zone's own.
type Other struct {
	Name   string
	Policy dispatch.Policy
}

// Play plays a history under its zone's policy and, unless other is nil, under another one, and reports. It shows on out how far it is.
// When ctx ends there is no report, as half a day compares with nothing.
func (h *History) Play(ctx context.Context, other *Other, o sim.Options, out io.Writer) (*Report, error) {
	own, err := h.simulate(ctx, "the zone's policy", h.Zone.Policy, o, out)
	if err != nil {
		return nil, err
	}
	var second *sim.Result
	name := ""
	if other != nil {
		name = other.Name
		if second, err = h.simulate(ctx, name, other.Policy, o, out); err != nil {
			return nil, err
		}
	}
	return h.report(own, second, name), nil
}

func (h *History) simulate(ctx context.Context, name string, policy dispatch.Policy, o sim.Options, out io.Writer) (*sim.Result, error) {
	day := h.Day(policy)
	bar := sim.NewProgress(out, len(day.Orders))
	defer bar.Close()
	o.Watch = func(now, placed int) {
		t := h.From.Add(time.Duration(now) * time.Second)
		bar.Show(fmt.Sprintf("%s, %s, orders placed", name, t.Format("01-02 15:04")), placed)
	}
	result, err := sim.Run(ctx, day, o)
	if err != nil {
		return nil, fmt.Errorf("simulate zone %s under %s: %w", h.Zone.Name, name, err)
	}
	return result, nil
}
