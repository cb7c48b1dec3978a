package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strings"
	"time"

	"github.com/paidan/paidan/dispatch/bench"
)

type benchCmd struct {
	Solve     benchSolveCmd     `cmd:"" help:"Solve synthetic batches, each from cold on one core: how soon there is a plan, and what it costs from then on."`
	API       benchAPICmd       `cmd:"" name:"api" help:"Place orders over HTTP on a private server: how many a second, how soon, and how that compares to pgbench writing the same rows."`
	Positions benchPositionsCmd `cmd:"" help:"Take riders' positions in, in process and over HTTP: how many a core takes, what a query for the nearest costs meanwhile, and Redis beside it."`
	Riders    benchRidersCmd    `cmd:"" help:"Keep riders online at one server, each with an open stream and a fix every 5 s: memory, CPU, and how soon a console sees a fix."`
}

type benchSolveCmd struct {
	Batch      []bench.Size  `help:"Waiting orders x riders; may be repeated. Fewer riders than orders are a scarce batch: more of them are busy." default:"${bench_sizes}" placeholder:"1000x2000"`
	Seed       uint64        `help:"Of the batches and of the search." default:"1"`
	MaxSeconds float64       `help:"How long each batch is solved." default:"5"`
	CPUTime    bool          `name:"cpu-time" help:"Count the CPU time of the process instead of the wall's, for busy machines."`
	JSON       string        `name:"json" help:"Write what was measured here as JSON; - is the standard output, instead of the table." placeholder:"FILE"`
	Export     string        `help:"Don't measure: write the batch as input of another solver (vroom) to --out." enum:",vroom" default:"" placeholder:"vroom"`
	Out        string        `help:"With --export: the file; - is the standard output." placeholder:"FILE"`
	Deadline   time.Duration `help:"With --export: no drop-off begins later than this after the promise; 0 = no deadline. VROOM knows no price of lateness." default:"20m"`
	Warm       bool          `help:"With --export: give the routes of orders on board as the start of VROOM's search."`
	Score      string        `help:"VROOM's answer to the exported batch: score it under our cost and compare." type:"existingfile" placeholder:"FILE"`
}

func (c *benchSolveCmd) Run(ctx context.Context) error {
	switch {
	case !(c.MaxSeconds > 0 && c.MaxSeconds <= 86400):
		return errors.New("--max-seconds: more than 0, at most 86400")
	case c.Deadline < 0 || c.Deadline > 240*time.Hour:
		return errors.New("--deadline: at least 0, at most 240h")
	case (c.Export != "" || c.Score != "") && len(c.Batch) != 1:
		return errors.New("--export and --score: name one --batch")
	case c.Export != "" && c.Score != "":
		return errors.New("--export comes before --score; both at once make no sense")
	case c.Export != "" && c.Out == "":
		return errors.New("--export: --out says where to")
	case c.Export != "":
		return c.export(ctx)
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	return c.measure(ctx, os.Stdout, os.Stderr)
}

// name of a batch says all that makes it.
func (c *benchSolveCmd) name(size bench.Size) string { return fmt.Sprintf("%s seed %d", size, c.Seed) }

func (c *benchSolveCmd) export(ctx context.Context) error {
	slow := time.AfterFunc(2*time.Second, func() { fmt.Fprintln(os.Stderr, "writing the matrix of travel times…") })
	defer slow.Stop()
	p, name := bench.Batch(c.Batch[0], c.Seed), c.name(c.Batch[0])
	o := bench.VroomOptions{Deadline: c.Deadline, Warm: c.Warm}
	if c.Out == "-" {
		return bench.ExportVroom(ctx, os.Stdout, name, p, o)
	}
	f, err := os.Create(c.Out)
	if err != nil {
		return fmt.Errorf("--out: %w", err)
	}
	if err := errors.Join(bench.ExportVroom(ctx, f, name, p, o), f.Close()); err != nil {
		return errors.Join(err, os.Remove(c.Out)) // half a file helps nobody
	}
	return nil
}

func (c *benchSolveCmd) measure(ctx context.Context, out, progress io.Writer) error {
	limit := time.Duration(c.MaxSeconds * float64(time.Second))
	r := bench.Report{
		Go: runtime.Version() + " " + runtime.GOOS + "/" + runtime.GOARCH, Cores: runtime.GOMAXPROCS(0),
		Seed: c.Seed, LimitS: c.MaxSeconds, Times: bench.TimesWall, Results: []bench.Result{},
	}
	if c.CPUTime {
		r.Times = bench.TimesCPU
	}
	for i, size := range c.Batch {
		if ctx.Err() != nil {
			break
		}
		p := bench.Batch(size, c.Seed)
		o := bench.Options{Limit: limit, Seed: c.Seed, CPUTime: c.CPUTime}
		if limit > 2*time.Second {
			fmt.Fprintf(progress, "%s: batch %d of %d, some %.0f s…\n", size, i+1, len(c.Batch), c.MaxSeconds)
			o.Tell = func(line string) { fmt.Fprintln(progress, line) }
		}
		if c.Score != "" {
			f, err := os.Open(c.Score)
			if err != nil {
				return fmt.Errorf("--score: %w", err)
			}
			o.Foreign, err = bench.ReadVroom(f, c.name(size), p)
			if err = errors.Join(err, f.Close()); err != nil {
				return fmt.Errorf("--score: %s: %w", c.Score, err)
			}
		}
		result, err := bench.Measure(ctx, size.String(), p, o)
		if err != nil {
			return err
		}
		r.Results = append(r.Results, result)
	}
	if err := c.report(r, out); err != nil {
		return err
	}
	if ctx.Err() != nil {
		return exitError(130) // as shells say of what Ctrl-C ended
	}
	return nil
}

func (c *benchSolveCmd) report(r bench.Report, out io.Writer) error {
	if err := writeJSON(c.JSON, r); err != nil || c.JSON == "-" {
		return err
	}
	return r.Write(out)
}

// benchSizes are the batches by default, for the help.
func benchSizes() string {
	names := make([]string, 0, len(bench.Sizes))
	for _, size := range bench.Sizes {
		names = append(names, size.String())
	}
	return strings.Join(names, ",")
}
