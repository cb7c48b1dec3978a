package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/paidan/paidan/dispatch"
	"github.com/paidan/paidan/sim"
)

type simCmd struct {
	MDRP  simMDRPCmd  `cmd:"" name:"mdrp" help:"Play Grubhub's meal-delivery days (MDRP instances) and compare with published results."`
	Rappi simRappiCmd `cmd:"" help:"Play a recorded day of a Colombian city."`
	City  simCityCmd  `cmd:"" help:"Play days of the demonstration city, to try policies out."`
}

type simMDRPCmd struct {
	Data       string `required:"" env:"-" help:"Folder of instances, one folder each; its reference.csv is shown beside." type:"existingdir" placeholder:"DIR"`
	Match      string `help:"Play only instances whose name matches." default:"*" placeholder:"GLOB"`
	Rules      string `help:"strict: as published, one instruction per bundle. platform: something new at every stop." enum:"strict,platform" default:"strict"`
	Ready      string `help:"What is known of ready times before they come: exact or estimated." enum:"exact,estimated" default:"exact"`
	Policy     string `help:"JSON or YAML file with the policy, over the one of these days." type:"existingfile"`
	Iterations int    `help:"Of improvement in each round, at most." default:"5000"`
	Patience   int    `help:"Iterations without improvement that end a round sooner, 0 for none; a round without a new order has an eighth of it." default:"300"`
	Seed       uint64 `help:"Of the search." default:"1"`
	Out        string `help:"Write the solution files of each instance to a folder of its name in this one." type:"path" placeholder:"DIR"`
	JSON       string `name:"json" help:"Write all metrics here; - is the standard output, instead of the table." placeholder:"FILE"`
}

func (c *simMDRPCmd) Run(ctx context.Context) error {
	dirs, err := sim.FindMDRP(c.Data, c.Match)
	if err != nil {
		return err
	}
	reference, err := sim.ReadReferences(c.Data)
	if err != nil {
		return err
	}
	policy, err := policyOver(sim.MDRPPolicy(sim.MDRPRules(c.Rules), sim.ReadyTimes(c.Ready)), c.Policy)
	if err != nil {
		return err
	}
	progress, done := sim.NewProgress(os.Stderr, len(dirs)), 0
	all, err := sim.PlayMDRP(ctx, dirs, sim.MDRPOptions{
		Rules: sim.MDRPRules(c.Rules), Ready: sim.ReadyTimes(c.Ready), Policy: policy, Out: c.Out,
		Options: sim.Options{Iterations: c.Iterations, Patience: c.Patience, Seed: c.Seed},
		Done:    func(sim.Metrics) { done++; progress.Show("days", done) },
	})
	progress.Close()
	if ctx.Err() != nil {
		fmt.Fprintf(os.Stderr, "stopped after %d of %d days\n", len(all), len(dirs))
		err = exitError(130)
	}
	if len(all) == 0 {
		return err
	}
	report := sim.NewMDRPReport(all, reference)
	if c.JSON != "-" {
		if err := report.Write(os.Stdout); err != nil {
			return err
		}
	}
	return errors.Join(writeJSON(c.JSON, report), err)
}

// policyOver reads a policy file over what is there; "" is none.
func policyOver(p dispatch.Policy, file string) (dispatch.Policy, error) {
	if file == "" {
		return p, nil
	}
	return dispatch.ReadPolicy(p, file)
}
