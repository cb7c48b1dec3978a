package bench

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/paidan/paidan/dispatch/solver"
)

// ErrVroomAnswer says that a file is no answer of VROOM to the batch.
var ErrVroomAnswer = errors.New("not VROOM's answer to this batch")

// ReadVroom reads VROOM's answer to p, as ExportVroom wrote it under this name, and scores it. An answer that doesn't fit the batch is
// an error; a rule of ours that it breaks is one of its Faults.
func ReadVroom(in io.Reader, name string, p *solver.Problem) (*Foreign, error) {
	var a vroomAnswer
	d := json.NewDecoder(in)
	if err := d.Decode(&a); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrVroomAnswer, err)
	}
	if a.Code == nil {
		return nil, fmt.Errorf("%w: it has no code", ErrVroomAnswer)
	}
	if *a.Code != 0 {
		return nil, fmt.Errorf("%w: VROOM failed with code %d: %s", ErrVroomAnswer, *a.Code, a.Error)
	}
	v := vroomReader{p: p, name: name, routes: make([][]solver.Stop, len(p.Riders)), seen: make([]bool, len(p.Riders)),
		stops: make([]vroomStops, len(p.Orders))}
	v.read(&a)
	if len(v.errs) > 0 {
		return nil, fmt.Errorf("%w: %s", ErrVroomAnswer, firstLines(errors.Join(v.errs...)))
	}
	plan, err := solver.Score(p, v.routes)
	if err != nil {
		return nil, err
	}
	times := a.Summary.ComputingTimes
	f := &Foreign{Solver: "VROOM", Plan: plan, Took: time.Duration((times.Loading + times.Solving) * float64(time.Millisecond))}
	if err := solver.Check(p, &plan); err != nil {
		f.Faults = strings.Split(err.Error(), "\n")
	}
	return f, nil
}

// vroomStops are how often an order's stops were met.
type vroomStops struct{ pickups, drops, left int }

type vroomReader struct {
	p      *solver.Problem
	name   string
	routes [][]solver.Stop
	seen   []bool       // by rider: has a route
	stops  []vroomStops // by order
	errs   []error
}

func (v *vroomReader) fail(format string, args ...any) {
	v.errs = append(v.errs, fmt.Errorf(format, args...))
}

func (v *vroomReader) read(a *vroomAnswer) {
	for i := range a.Routes {
		route := &a.Routes[i]
		r := route.Vehicle - 1
		switch {
		case r < 0 || r >= len(v.p.Riders):
			v.fail("routes[%d]: no vehicle %d", i, route.Vehicle)
			continue
		case route.Description != "" && route.Description != describe(v.p, v.name, r):
			v.fail("routes[%d]: vehicle %d is %q, here it is %q", i, route.Vehicle, route.Description, describe(v.p, v.name, r))
			continue
		case v.seen[r]:
			v.fail("routes[%d]: vehicle %d has two routes", i, route.Vehicle)
		}
		v.seen[r] = true
		for k, step := range route.Steps {
			if o, ok := v.order(fmt.Sprintf("routes[%d].steps[%d]", i, k), step); ok {
				v.stop(r, o, step.Type)
			}
		}
	}
	for i, step := range a.Unassigned {
		if o, ok := v.order(fmt.Sprintf("unassigned[%d]", i), step); ok {
			v.stops[o].left++
		}
	}
	for o := range v.stops {
		v.whole(o)
	}
}

// order is the index of a task's order; false if the step is none of a task.
func (v *vroomReader) order(where string, step vroomStep) (int, bool) {
	onBoard := step.Type == vroomJob
	switch step.Type {
	case "start", "end":
		return 0, false
	case vroomJob, vroomPickup, vroomDelivery:
	default:
		v.fail("%s: a %q was not asked for", where, step.Type)
		return 0, false
	}
	o := step.ID - 1
	if o < 0 || o >= len(v.p.Orders) || v.p.Orders[o].OnBoard != onBoard {
		v.fail("%s: no %s %d", where, step.Type, step.ID)
		return 0, false
	}
	return o, true
}

func (v *vroomReader) stop(r, o int, kind string) {
	v.routes[r] = append(v.routes[r], solver.Stop{Order: int32(o), Pickup: kind == vroomPickup})
	if kind == vroomPickup {
		v.stops[o].pickups++
	} else {
		v.stops[o].drops++
	}
}

// whole checks that an order is served once or left out once. VROOM lists both halves of a shipment that it leaves out.
func (v *vroomReader) whole(o int) {
	n, order := v.stops[o], &v.p.Orders[o]
	pickups, halves := 1, 2
	if order.OnBoard {
		pickups, halves = 0, 1
	}
	switch {
	case n == vroomStops{}:
		v.fail("order %s (id %d) is in no route and not among the unassigned", order.ID, o+1)
	case n.left == 0 && n.pickups == pickups && n.drops == 1:
	case n.left == halves && n.pickups == 0 && n.drops == 0:
	default:
		v.fail("order %s (id %d): %d pickups, %d deliveries, %d times unassigned", order.ID, o+1, n.pickups, n.drops, n.left)
	}
}
