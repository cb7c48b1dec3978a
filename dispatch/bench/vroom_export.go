package bench

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/paidan/paidan/dispatch/solver"
	"github.com/paidan/paidan/internal/geo"
)

// VroomOptions say what VROOM is told beyond the batch.
type VroomOptions struct {
	// Deadline is how long after the promise a drop-off may begin; 0 = no matter when. VROOM knows no price of lateness:
	// without a deadline it saves road and lets people wait, and what can't be there in time it leaves out.
	Deadline time.Duration
	// Warm lets VROOM start its search from the kept routes.
	Warm bool
}

// maxPlaces bounds the matrix. VROOM reads it as text, all pairs for each kind of vehicle.
const maxPlaces = 6000

// ErrNotForVroom says that a batch has no counterpart in VROOM.
var ErrNotForVroom = errors.New("no such batch in VROOM")

// ExportVroom writes p as VROOM's input. See the package's comment for the mapping.
func ExportVroom(ctx context.Context, w io.Writer, name string, p *solver.Problem, o VroomOptions) error {
	if err := p.Validate(); err != nil {
		return err
	}
	if err := exportable(p); err != nil {
		return err
	}
	e := vroomExport{p: p, o: o, name: name, w: bufio.NewWriterSize(w, 1<<16), row: make(map[geo.LatLng]int)}
	if err := e.findPlaces(); err != nil {
		return err
	}
	if err := e.findBound(); err != nil {
		return err
	}
	e.write(ctx)
	return errors.Join(e.err, e.w.Flush())
}

// exportable refuses what VROOM can't say.
func exportable(p *solver.Problem) error {
	if p.Limits != (solver.Limits{}) {
		return fmt.Errorf("%w: it has limits on stops, detours or stores", ErrNotForVroom)
	}
	for i := range p.Orders {
		if len(p.Orders[i].Refused) > 0 {
			return fmt.Errorf("%w: order %s was refused by riders", ErrNotForVroom, p.Orders[i].ID)
		}
	}
	for i := range p.Riders {
		if p.Riders[i].Held > 0 {
			return fmt.Errorf("%w: rider %s is under way to a stop", ErrNotForVroom, p.Riders[i].ID)
		}
	}
	return nil
}

type vroomExport struct {
	p      *solver.Problem
	o      VroomOptions
	name   string
	places []geo.LatLng
	row    map[geo.LatLng]int // in the matrices
	masks  []uint8            // of kinds of vehicle, as orders ask for them
	bound  [][]int32          // by rider: orders on board or fixed
	kept   solver.Plan        // the kept routes
	arrive []int32            // by order: arrival at the door in the kept route, 0 if in none
	w      *bufio.Writer
	err    error
}

// findPlaces numbers riders' places, stores and doors.
func (e *vroomExport) findPlaces() error {
	add := func(at geo.LatLng) {
		if _, ok := e.row[at]; !ok {
			e.row[at] = len(e.places)
			e.places = append(e.places, at)
		}
	}
	for i := range e.p.Riders {
		add(e.p.Riders[i].At)
	}
	for i := range e.p.Orders {
		if o := &e.p.Orders[i]; !o.OnBoard {
			add(o.Pickup)
		}
		add(e.p.Orders[i].Dropoff)
	}
	if n := len(e.places); n > maxPlaces {
		return fmt.Errorf("%w: its %d places would need a matrix of %d million entries for each kind of vehicle; at most %d places: take a smaller batch",
			ErrNotForVroom, n, n*n/1_000_000, maxPlaces)
	}
	return nil
}

// findBound looks at what riders have, and when their kept routes serve it.
func (e *vroomExport) findBound() (err error) {
	e.bound, e.arrive = make([][]int32, len(e.p.Riders)), make([]int32, len(e.p.Orders))
	for i := range e.p.Orders {
		o := &e.p.Orders[i]
		if o.OnBoard || o.Fixed {
			e.bound[o.Rider] = append(e.bound[o.Rider], int32(i))
		} else if o.Vehicles != 0 && !slices.Contains(e.masks, o.Vehicles) {
			e.masks = append(e.masks, o.Vehicles)
		}
	}
	routes := make([][]solver.Stop, len(e.p.Riders))
	for r := range routes {
		routes[r] = e.p.Riders[r].Route
	}
	if e.kept, err = solver.Score(e.p, routes); err != nil {
		return err
	}
	for r := range e.kept.Routes {
		for k, stop := range e.kept.Routes[r].Stops {
			if !stop.Pickup {
				e.arrive[stop.Order] = e.kept.Routes[r].Arrive[k]
			}
		}
	}
	return nil
}

func (e *vroomExport) write(ctx context.Context) {
	e.text(`{"vehicles":[`)
	for r := range e.p.Riders {
		e.item(r, e.vehicle(r))
	}
	e.text("],\n\"jobs\":[")
	n := 0
	for i := range e.p.Orders {
		if e.p.Orders[i].OnBoard {
			e.item(n, e.job(i))
			n++
		}
	}
	e.text("],\n\"shipments\":[")
	n = 0
	for i := range e.p.Orders {
		if !e.p.Orders[i].OnBoard {
			e.item(n, e.shipment(i))
			n++
		}
	}
	e.text("],\n\"matrices\":{")
	e.matrices(ctx)
	e.text("}}\n")
}

func (e *vroomExport) text(s string) {
	if e.err == nil {
		_, e.err = e.w.WriteString(s)
	}
}

// item writes the nth element of an array.
func (e *vroomExport) item(n int, v any) {
	if n > 0 {
		e.text(",")
	}
	e.text("\n")
	data, err := json.Marshal(v)
	if e.err == nil {
		e.err = err
	}
	e.text(string(data))
}
