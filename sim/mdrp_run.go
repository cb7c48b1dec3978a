package sim

import (
	"cmp"
	"context"
	"fmt"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/paidan/paidan/dispatch"
)

// MDRPOptions say how instances are played.
type MDRPOptions struct {
	Rules  MDRPRules
	Ready  ReadyTimes
	Policy dispatch.Policy
	Options
	Out string // folder for the solution files; "" = none
	// Done is called after each instance, never twice at once.
	Done func(Metrics)
}

// FindMDRP lists the instance folders in dir whose names match a pattern.
func FindMDRP(dir, match string) ([]string, error) {
	files, err := filepath.Glob(filepath.Join(dir, match, "instance_parameters.txt"))
	if err != nil {
		return nil, fmt.Errorf("match %q: %w", match, err)
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("no instance in %s matches %q", dir, match)
	}
	dirs := make([]string, len(files))
	for i, f := range files {
		dirs[i] = filepath.Dir(f)
	}
	return dirs, nil
}

// PlayMDRP plays the instances, one on each core at a time, checks every run and returns the metrics by name. When ctx
// ends, what is done is returned along with its error.
func PlayMDRP(ctx context.Context, dirs []string, o MDRPOptions) ([]Metrics, error) {
	var mu sync.Mutex
	var all []Metrics
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(runtime.GOMAXPROCS(0))
	for _, dir := range dirs {
		g.Go(func() error {
			if ctx.Err() != nil {
				return ctx.Err()
			}
			v, err := playMDRP(ctx, dir, o)
			if err != nil {
				return err
			}
			mu.Lock()
			defer mu.Unlock()
			all = append(all, v)
			if o.Done != nil {
				o.Done(v)
			}
			return nil
		})
	}
	err := g.Wait()
	slices.SortFunc(all, func(a, b Metrics) int { return cmp.Compare(a.Name, b.Name) })
	return all, err
}

func playMDRP(ctx context.Context, dir string, o MDRPOptions) (Metrics, error) {
	cpu := startCPU()
	defer cpu.stop()
	m, err := ReadMDRP(dir)
	if err != nil {
		return Metrics{}, err
	}
	log, solution, result, err := RunMDRP(ctx, m, o.Rules, o.Ready, o.Policy, o.Options)
	if err != nil {
		return Metrics{}, err
	}
	check := CheckStrict
	if o.Rules == MDRPPlatform {
		check = CheckPlatform
	}
	if err := check(m, log, solution); err != nil {
		return Metrics{}, fmt.Errorf("instance %s breaks its rules: %w", m.Name, err)
	}
	if o.Out != "" {
		if err := solution.Write(m, filepath.Join(o.Out, m.Name)); err != nil {
			return Metrics{}, err
		}
	}
	v := m.Metrics(solution)
	v.Rounds, v.CPU, v.RoundP99 = len(result.Rounds), cpu.seconds(), p99(result.Rounds)
	return v, nil
}

// p99 is the 99th percentile in milliseconds.
func p99(took []time.Duration) float64 {
	if len(took) == 0 {
		return 0
	}
	slices.Sort(took)
	return took[(99*len(took)+99)/100-1].Seconds() * 1000
}
