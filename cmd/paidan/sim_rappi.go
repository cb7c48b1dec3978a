package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/paidan/paidan/dispatch"
	"github.com/paidan/paidan/sim"
	"github.com/paidan/paidan/sim/rappi"
)

type simRappiCmd struct {
	Data     string        `required:"" env:"-" help:"Folder of a recorded day: orders.csv and couriers.csv." type:"existingdir" placeholder:"DIR"`
	Interval time.Duration `help:"Between rounds, over the policy's." default:"30s"`
	From     string        `help:"First time of the day played." placeholder:"HH:MM"`
	To       string        `help:"Time of the day after which no order is placed." placeholder:"HH:MM"`
	simSearch
	JSON string `name:"json" help:"Write the report here; - is the standard output, instead of the table." placeholder:"FILE"`
}

// simSearch is how a city is dispatched, for the commands that play one.
type simSearch struct {
	Policy     string        `help:"JSON or YAML file with the policy, over the simulator's, or greedy: each order at once to the cheapest rider, for good." placeholder:"FILE|greedy"`
	Iterations int           `help:"Of improvement in each round." default:"200"`
	Patience   int           `help:"Iterations without improvement that end a round sooner, 0 for none." default:"100"`
	Budget     time.Duration `help:"End a round's improvement when the round has taken so long on the wall. Such a run can't be repeated exactly." placeholder:"500ms"`
	Seed       uint64        `help:"Of all that is drawn." default:"1"`
}

const greedy = "greedy"

// policy reads a policy; greedy's is the simulator's own.
func (c *simSearch) policy(name string) (dispatch.Policy, error) {
	if name == greedy {
		name = ""
	}
	return policyOver(sim.CityPolicy(), name)
}

func (c *simSearch) options() sim.Options {
	return sim.Options{Iterations: c.Iterations, Patience: c.Patience, Budget: c.Budget, Seed: c.Seed}
}

func (c *simRappiCmd) Run(ctx context.Context) error {
	day, err := c.day()
	if err != nil {
		return err
	}
	o := c.options()
	if c.Policy == greedy {
		sim.Greedy(day, &o)
	}
	report, err := sim.Play(ctx, day, o, os.Stderr)
	if err != nil && !report.Partial {
		return err
	}
	if c.JSON != "-" {
		err = errors.Join(err, sim.WriteReports(os.Stdout, report))
	}
	return stopped(ctx, errors.Join(err, writeJSON(c.JSON, report)))
}

// stopped tells of a run that was interrupted, after what was played has been reported.
func stopped(ctx context.Context, err error) error {
	if ctx.Err() == nil {
		return err
	}
	fmt.Fprintln(os.Stderr, "stopped: the report is of what was played until then")
	return exitError(130)
}

func (c *simRappiCmd) day() (*sim.Day, error) {
	from, to, err := rappi.ParseWindow(c.From, c.To)
	if err != nil {
		return nil, err
	}
	policy, err := c.policy(c.Policy)
	if err != nil {
		return nil, err
	}
	if c.Interval < time.Second || c.Interval%time.Second != 0 {
		return nil, fmt.Errorf("--interval: whole seconds, not %s", c.Interval)
	}
	policy.IntervalS = int(c.Interval / time.Second)
	recorded, err := rappi.Read(c.Data)
	if err != nil {
		return nil, err
	}
	if recorded = recorded.Window(from, to); len(recorded.Orders) == 0 {
		return nil, errors.New("no orders are placed in the window")
	}
	return sim.RappiDay(recorded, policy), nil
}
