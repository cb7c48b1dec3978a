package solver

import (
	"context"
	"encoding/json"
	"testing"
)

// FuzzSolve feeds any JSON: an error or a plan that Check accepts, never a panic.
func FuzzSolve(f *testing.F) {
	for seed := range uint64(4) {
		c := newCity(seed, 6, 3)
		p := c.quirks(c.uncertain(c.problem()))
		if seed%2 == 0 {
			c.groups(p)
		}
		plan, err := Solve(context.Background(), p, Options{Iterations: 20})
		if err != nil {
			f.Fatal(err)
		}
		f.Add([]byte(asJSON(p)))
		f.Add([]byte(asJSON(c.later(p, &plan))))
	}
	f.Add([]byte(`{}`))
	f.Add([]byte(`{"orders":[{"rider":-1}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		var p Problem
		if json.Unmarshal(data, &p) != nil || len(p.Orders) > 30 || len(p.Riders) > 30 {
			return
		}
		plan, err := Solve(context.Background(), &p, Options{Iterations: 20})
		if err != nil {
			return
		}
		if err := Check(&p, &plan); err != nil {
			t.Fatal(err)
		}
		for o := range p.Orders {
			Rank(&p, &plan, o, 2)
		}
	})
}
