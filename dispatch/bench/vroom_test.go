package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"math"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/paidan/paidan/dispatch/solver"
	"github.com/paidan/paidan/internal/geo"
)

// vroomInput is an export, read back.
type vroomInput struct {
	Vehicles  []vroomVehicle
	Jobs      []vroomTask
	Shipments []vroomShipment
	Matrices  map[string]struct{ Durations [][]int32 }
}

func export(t *testing.T, p *solver.Problem, o VroomOptions) vroomInput {
	t.Helper()
	var out bytes.Buffer
	if err := ExportVroom(t.Context(), &out, "test", p, o); err != nil {
		t.Fatal(err)
	}
	var in vroomInput
	d := json.NewDecoder(&out)
	d.DisallowUnknownFields()
	if err := d.Decode(&in); err != nil {
		t.Fatal(err)
	}
	return in
}

// The export says what the batch says: everything is where it was, and is done in the same time.
func TestExport(t *testing.T) {
	t.Parallel()
	p := Batch(Size{80, 60}, 2)
	in := export(t, p, VroomOptions{Deadline: 20 * time.Minute, Warm: true})
	if len(in.Vehicles) != 60 || len(in.Shipments) != 80 || len(in.Jobs) != len(p.Orders)-80 || len(in.Matrices) != 2 {
		t.Fatalf("%d vehicles, %d shipments, %d jobs, %d matrices", len(in.Vehicles), len(in.Shipments), len(in.Jobs), len(in.Matrices))
	}
	row := map[int]geo.LatLng{}
	at := func(index int, place geo.LatLng) {
		if was, ok := row[index]; ok && was != place {
			t.Errorf("row %d is %v and %v", index, was, place)
		}
		row[index] = place
	}
	for r, v := range in.Vehicles {
		rider := &p.Riders[r]
		at(v.StartIndex, rider.At)
		n := int32(len(rider.Route)) // all of it on board
		if v.ID != r+1 || v.Capacity[0] != rider.Capacity || v.TimeWindow != [2]int32{rider.FreeAt, rider.ShiftEnd} || v.MaxTasks != 2*rider.MaxOrders-n || int32(len(v.Steps)) != n {
			t.Errorf("%+v is %+v", rider, v)
		}
	}
	for _, s := range in.Shipments {
		o := &p.Orders[s.Pickup.ID-1]
		at(s.Pickup.LocationIndex, o.Pickup)
		at(s.Delivery.LocationIndex, o.Dropoff)
		if s.Delivery.ID != s.Pickup.ID || s.Amount[0] != o.Load || s.Pickup.Setup != o.PickupService || s.Delivery.Service != o.DropoffService ||
			s.Pickup.TimeWindows[0][0] != max(0, o.ReadyAt-o.PickupService) || s.Delivery.TimeWindows[0][1] != o.TargetAt+1200-o.DropoffService {
			t.Errorf("%+v is %+v", o, s)
		}
	}
	for _, j := range in.Jobs {
		o := &p.Orders[j.ID-1]
		at(j.LocationIndex, o.Dropoff)
		if !o.OnBoard || j.Delivery[0] != o.Load || j.Service != o.DropoffService || j.Priority != maxPriority {
			t.Errorf("%+v is %+v", o, j)
		}
	}
	for kind, m := range in.Matrices {
		if len(m.Durations) != len(row) {
			t.Fatalf("%s: %d rows for %d places", kind, len(m.Durations), len(row))
		}
		for i := range m.Durations {
			for k := range m.Durations[i] {
				if want := p.Travel.Seconds(kind[4]-'0', row[i], row[k]); m.Durations[i][k] != want {
					t.Fatalf("%s: %d s from %d to %d, not %d", kind, m.Durations[i][k], i, k, want)
				}
			}
		}
	}
}

// Whoever may carry an order here has its skills there, and nobody else.
func TestExportedSkills(t *testing.T) {
	t.Parallel()
	p := Batch(Size{300, 40}, 4)
	p.Orders[0].Fixed, p.Orders[0].Rider = true, 7
	in := export(t, p, VroomOptions{})
	has := make([]map[int]bool, len(in.Vehicles))
	for r, v := range in.Vehicles {
		has[r] = map[int]bool{}
		for _, s := range v.Skills {
			has[r][s] = true
		}
	}
	compare := func(id int, needs []int) {
		o := &p.Orders[id-1]
		for r := range p.Riders {
			there := true
			for _, s := range needs {
				there = there && has[r][s]
			}
			rider := &p.Riders[r]
			here := o.Skills&rider.Skills == o.Skills && (o.Vehicles == 0 || o.Vehicles>>rider.Vehicle&1 != 0)
			if o.Fixed {
				here = o.Rider == int32(r)
			}
			if here != there {
				t.Errorf("%s and %s: here %v, there %v", o.ID, rider.ID, here, there)
			}
		}
	}
	for _, s := range in.Shipments {
		compare(s.Pickup.ID, s.Skills)
		if end := s.Delivery.TimeWindows[0][1]; end != forever {
			t.Errorf("shipment %d has the deadline %d", s.Pickup.ID, end)
		}
	}
	for _, j := range in.Jobs {
		compare(j.ID, j.Skills)
	}
}

func TestNotExported(t *testing.T) {
	t.Parallel()
	for want, change := range map[string]func(*solver.Problem){
		"limits":                      func(p *solver.Problem) { p.Limits.MaxStops = 3 },
		"was refused":                 func(p *solver.Problem) { p.Orders[0].Refused = []int32{1} },
		"is under way":                func(p *solver.Problem) { p.Riders[p.Orders[len(p.Orders)-1].Rider].Held = 1 },
		"at most 6000 places":         func(p *solver.Problem) { *p = *Batch(Size{4000, 3000}, 1) },
		"riders[0].vehicle: 9 is not": func(p *solver.Problem) { p.Riders[0].Vehicle = 9 },
	} {
		p := Batch(Size{30, 20}, 1)
		change(p)
		if err := ExportVroom(t.Context(), new(bytes.Buffer), "test", p, VroomOptions{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, not %q", err, want)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := ExportVroom(ctx, new(bytes.Buffer), "test", Batch(Size{30, 20}, 1), VroomOptions{}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// answer is what VROOM would write if its plan were this one.
func answer(t *testing.T, p *solver.Problem, plan *solver.Plan) string {
	t.Helper()
	e := vroomExport{p: p}
	step := func(s solver.Stop) map[string]any {
		return map[string]any{"type": e.task(s), "id": s.Order + 1, "description": p.Orders[s.Order].ID, "arrival": 1}
	}
	routes, left := []any{}, []any{}
	for r := range plan.Routes {
		if len(plan.Routes[r].Stops) == 0 {
			continue // VROOM leaves them out
		}
		steps := []any{map[string]any{"type": "start"}}
		for _, s := range plan.Routes[r].Stops {
			steps = append(steps, step(s))
		}
		routes = append(routes, map[string]any{"vehicle": r + 1, "description": describe(p, "test", r), "steps": steps})
	}
	for _, u := range plan.Unassigned {
		left = append(left, step(solver.Stop{Order: u.Order, Pickup: true}), step(solver.Stop{Order: u.Order}))
	}
	data, err := json.Marshal(map[string]any{
		"code": 0, "routes": routes, "unassigned": left,
		"summary": map[string]any{"cost": 1, "computing_times": map[string]any{"loading": 500, "solving": 22_500}},
	})
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

// Our own plan in VROOM's words costs what it costs.
func TestRoundTrip(t *testing.T) {
	t.Parallel()
	p := Batch(Size{60, 10}, 5)
	plan, err := solver.Solve(t.Context(), p, solver.Options{Iterations: 200})
	if err != nil {
		t.Fatal(err)
	}
	if len(plan.Unassigned) == 0 {
		t.Fatal("everything is served: take a scarcer batch")
	}
	f, err := ReadVroom(strings.NewReader(answer(t, p, &plan)), "test", p)
	if err != nil {
		t.Fatal(err)
	}
	if math.Abs(f.Plan.Cost-plan.Cost) > 1e-6 || len(f.Plan.Unassigned) != len(plan.Unassigned) || len(f.Faults) > 0 || f.Took != 23*time.Second {
		t.Errorf("cost %v instead of %v, %d unassigned, faults %v, took %v", f.Plan.Cost, plan.Cost, len(f.Plan.Unassigned), f.Faults, f.Took)
	}
	r, err := Measure(t.Context(), "60x10", p, Options{Limit: time.Hour, Iterations: 208, Foreign: f})
	if err != nil {
		t.Fatal(err)
	}
	if c := r.Compared; c == nil || c.Reached == nil || c.Reached.Cost > f.Plan.Cost+1e-6 || c.Cost != f.Plan.Cost {
		t.Errorf("%+v", r.Compared)
	}
}

// small has a rider with one order on board (id 2) and one without, and a waiting order (id 1).
func small() *solver.Problem {
	at := func(metres float64) geo.LatLng { return geo.LatLng{Lat: metres / 111_195} }
	rider := solver.Rider{At: at(0), Capacity: 5, MaxOrders: 2, PayShare: 1, ShiftEnd: 3600}
	p := &solver.Problem{
		Travel: solver.Travel{Vehicles: []solver.VehicleTravel{{Speed: 10, Detour: 1}}},
		Orders: []solver.Order{
			{ID: "new", Pickup: at(3000), Dropoff: at(6000), TargetAt: 1800, PickupService: 60, DropoffService: 60, Load: 1, Rider: -1},
			{ID: "aboard", Pickup: at(0), Dropoff: at(1200), TargetAt: 1800, DropoffService: 60, Load: 1, OnBoard: true, Fixed: true},
		},
		Riders: []solver.Rider{rider, rider},
	}
	p.Riders[0].ID, p.Riders[1].ID = "busy", "idle"
	p.Riders[0].Route = []solver.Stop{{Order: 1}}
	return p
}

func TestAnswerByHand(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("testdata/vroom_answer.json")
	if err != nil {
		t.Fatal(err)
	}
	f, err := ReadVroom(bytes.NewReader(data), "test", small())
	if err != nil {
		t.Fatal(err)
	}
	// The job is done at 120+60 s; the store is reached at 360, left at 420; the door is reached at 720, done at 780.
	cost := 3.0 + 13 + 0.15*13 + 2*2
	if math.Abs(f.Plan.Cost-cost) > 0.1 || len(f.Faults) > 0 || f.Took != 12*time.Millisecond {
		t.Errorf("cost %v, by hand %v; faults %v, took %v", f.Plan.Cost, cost, f.Faults, f.Took)
	}
	good := string(data)
	for _, tc := range []struct{ name, old, now, says string }{
		{"no JSON", good, "vroom: command not found", "invalid character 'v'"},
		{"cut short", `"unassigned"`, ``, "invalid character"},
		{"another document", good, `{"orders": 3}`, "it has no code"},
		{"wrong types", `"vehicle": 1`, `"vehicle": "one"`, "cannot unmarshal string"},
		{"VROOM's own error", good, `{"code": 2, "error": "Invalid profile: kind7."}`, "code 2: Invalid profile: kind7."},
		{"unknown vehicle", `"vehicle": 1`, `"vehicle": 3`, "routes[0]: no vehicle 3"},
		{"another batch", `busy of test`, `busy of 5x5 seed 2`, `vehicle 1 is "busy of 5x5 seed 2", here it is "busy of test"`},
		{"unknown order", `"id": 1`, `"id": 9`, "routes[0].steps[2]: no pickup 9"},
		{"a job that is a shipment", `"id": 2`, `"id": 1`, "routes[0].steps[1]: no job 1"},
		{"a break", `"type": "end"`, `"type": "break"`, `steps[4]: a "break" was not asked for`},
		{"missing half", `"type": "pickup"`, `"type": "delivery"`, "order new (id 1): 0 pickups, 2 deliveries, 0 times unassigned"},
		{"missing order", `"type": "job"`, `"type": "start"`, "order aboard (id 2) is in no route and not among the unassigned"},
		{"served and left", `"unassigned": []`, `"unassigned": [{"type": "job", "id": 2}]`, "order aboard (id 2): 0 pickups, 1 deliveries, 1 times unassigned"},
	} {
		bad := strings.Replace(good, tc.old, tc.now, 1)
		if _, err := ReadVroom(strings.NewReader(bad), "test", small()); !errors.Is(err, ErrVroomAnswer) || !strings.Contains(err.Error(), tc.says) {
			t.Errorf("%s: %v, not %q", tc.name, err, tc.says)
		}
	}
}

// What VROOM was not told, or broke, is said but scored.
func TestAnswerThatBreaksRules(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("testdata/vroom_answer.json")
	if err != nil {
		t.Fatal(err)
	}
	p := small()
	p.Riders[0].ShiftEnd = 60
	f, err := ReadVroom(bytes.NewReader(data), "test", p)
	if err != nil || len(f.Faults) != 1 || !strings.Contains(f.Faults[0], "after the shift's end") {
		t.Fatalf("%+v, %v", f, err)
	}
	abandoned := `{"code": 0, "unassigned": [{"type": "job", "id": 2}, {"type": "pickup", "id": 1}, {"type": "delivery", "id": 1}], "routes": []}`
	f, err = ReadVroom(strings.NewReader(abandoned), "test", p)
	if err != nil || len(f.Faults) != 1 || !strings.Contains(f.Faults[0], `order "aboard" is unassigned, but bound`) || f.Plan.Cost != 800 {
		t.Fatalf("%+v, %v", f, err)
	}
}
