package main

import (
	"context"
	"fmt"
	"os"

	"github.com/paidan/paidan/dispatch"
	"github.com/paidan/paidan/sim"
)

type simCmd struct {
	MDRP simMDRPCmd `cmd:"" name:"mdrp" help:"Play Grubhub's meal-delivery days (MDRP instances) and compare with published results."`
}

type simMDRPCmd struct {
	Data       string `required:"" env:"-" help:"Folder of instances, one folder each." type:"existingdir" placeholder:"DIR"`
	Match      string `help:"Play only instances whose name matches." default:"*" placeholder:"GLOB"`
	Rules      string `help:"strict: as published, one instruction per bundle. platform: something new at every stop." enum:"strict,platform" default:"strict"`
	Ready      string `help:"What is known of ready times before they come." enum:"exact,estimated" default:"exact"`
	Policy     string `help:"File with the policy, over the one of these days." type:"existingfile"`
	Iterations int    `help:"Of improvement in each round, at most." default:"5000"`
	Patience   int    `help:"Iterations without improvement that end a round sooner, 0 for none; a round without a new order has an eighth of it." default:"240"`
	Seed       uint64 `help:"Of the search." default:"1"`
	Out        string `help:"Write the solution files of each instance to a folder of its name in this one." type:"path" placeholder:"DIR"`
	JSON       string `name:"json" help:"Write all metrics here." type:"path" placeholder:"FILE"`
}

func (c *simMDRPCmd) Run(ctx context.Context) error {
	dirs, err := sim.FindMDRP(c.Data, c.Match)
	if err != nil {
		return err
	}
	policy := sim.MDRPPolicy()
	if c.Policy != "" {
		data, err := os.ReadFile(c.Policy)
		if err != nil {
			return err
		}
		if policy, err = dispatch.ParsePolicyOver(policy, data); err != nil {
			return err
		}
	}
	o := sim.MDRPOptions{Rules: sim.MDRPRules(c.Rules), Ready: sim.ReadyTimes(c.Ready), Policy: policy, Out: c.Out,
		Options: sim.Options{Iterations: c.Iterations, Patience: c.Patience, Seed: c.Seed}}
	all, err := sim.PlayMDRP(ctx, dirs, o)
	for _, v := range append(all, sim.MeanOf(all)) {
		fmt.Printf("%-18s und %.3f ctd %.3f p90 %.2f p95 %.2f over %.3f rtp %.2f $ %.3f le40 %.2f opb %.2f util %.2f rounds %d cpu %.2f p99 %.1f\n", v.Name, v.Undelivered, v.CTDMean, v.CTDP90, v.CTDP95, v.Overage, v.RTP, v.CostPerOrder, v.WithinTarget, v.OrdersPerBundle, v.Utilisation, v.Rounds, v.CPU, v.RoundP99)
	}
	return err
}
