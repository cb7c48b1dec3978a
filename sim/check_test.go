package sim

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// tinyDay has 100 m to the minute: courier c1 is 10 minutes from restaurant r1 and 20 from r2, c2 stands at r1's door.
func tinyDay() *MDRP {
	return &MDRP{
		Name: "tiny",
		Couriers: []MDRPCourier{
			{"c1", Point{0, 0}, 0, 60},
			{"c2", Point{1000, 0}, 10, 30},
			{"c3", Point{0, 0}, 0, 60},
		},
		Restaurants: []MDRPRestaurant{{"r1", Point{1000, 0}}, {"r2", Point{2000, 0}}},
		Orders: []MDRPOrder{
			{"o1", Point{1000, 500}, 0, 15, 0}, // 5 minutes from r1
			{"o2", Point{1000, 700}, 5, 12, 0}, // 7, and 2 from o1
			{"o3", Point{2000, 300}, 8, 30, 1}, // 3 from r2
			{"o4", Point{1050, 0}, 20, 25, 0},  // half a minute from r1
		},
		MetresPerMinute: 100, PickupService: 4, DropoffService: 4, Target: 25, PayPerOrder: 10, PayPerHour: 24,
	}
}

// Indexes of tinyDay.
const (
	c1, c2         = 0, 1
	r1, r2         = 0, 1
	o1, o2, o3, o4 = 0, 1, 2, 3
)

var (
	start = Place{Kind: OnLocation}
	atR1  = Place{AtRestaurant, r1}
	atR2  = Place{AtRestaurant, r2}
)

func door(order int) Place { return Place{AtCustomer, order} }

// strictDay uses all that strict rules allow: an update on arrival, and a move that waits for its order.
func strictDay() ([]Instruction, *Solution) {
	return []Instruction{
			{At: 0, Courier: c1, Kind: Deliver, Store: r1, Orders: []int{o1}, Known: 1},
			{At: 10, Courier: c1, Kind: Update, Store: r1, Orders: []int{o1, o2}, Known: 3},
			{At: 10, Courier: c2, Kind: Reposition, Store: r2, For: []int{o3}, Known: 3},
			{At: 20, Courier: c2, Kind: Deliver, Store: r2, Orders: []int{o3}, Known: 4},
			{At: 32, Courier: c1, Kind: Deliver, Store: r1, Orders: []int{o4}, Known: 4},
		}, &Solution{
			Bundles: []Bundle{
				{Assigned: 10, Pickup: 15, Courier: c1, Orders: []int{o1, o2}},
				{Assigned: 20, Pickup: 30, Courier: c2, Orders: []int{o3}}, // at the very off-time
				{Assigned: 32, Pickup: 41, Courier: c1, Orders: []int{o4}},
			},
			Deliveries: []Delivery{{o1, c1, 15, 24}, {o2, c1, 15, 30}, {o3, c2, 30, 37}, {o4, c1, 41, 46}},
			Moves: [][]Move{
				{{0, start, atR1}, {17, atR1, door(o1)}, {26, door(o1), door(o2)}, {32, door(o2), atR1}, {43, atR1, door(o4)}},
				{{10, start, atR2}, {32, atR2, door(o3)}},
				nil,
			},
		}
}

// faults are the joined errors one by one.
func faults(err error) []string {
	var joined interface{ Unwrap() []error }
	if err == nil {
		return nil
	}
	if !errors.As(err, &joined) {
		return []string{err.Error()}
	}
	var all []string
	for _, e := range joined.Unwrap() {
		all = append(all, faults(e)...)
	}
	return all
}

func TestStrictDay(t *testing.T) {
	t.Parallel()
	log, want := strictDay()
	got, err := Replay(tinyDay(), log)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("replay (-want +got):\n%s", diff)
	}
	if err := CheckStrict(tinyDay(), log, want); err != nil {
		t.Error(err)
	}
}

func TestCheckStrictPickup(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		log    []Instruction
		pickup int // of the last bundle
		rides  int
	}{
		"half the service after a ride of no length": {
			[]Instruction{{At: 22, Courier: c2, Kind: Deliver, Store: r1, Orders: []int{o1}, Known: 4}}, 24, 2,
		},
		"when ready, who stands there": {
			[]Instruction{
				{At: 10, Courier: c2, Kind: Reposition, Store: r1, Known: 3},
				{At: 20, Courier: c2, Kind: Deliver, Store: r1, Orders: []int{o4}, Known: 4},
			}, 25, 2,
		},
		"half the service after the move, though told later": {
			[]Instruction{
				{At: 17, Courier: c2, Kind: Reposition, Store: r1, Known: 3},
				{At: 18, Courier: c2, Kind: Deliver, Store: r1, Orders: []int{o1}, Known: 3},
			}, 19, 2,
		},
		"when told, who stands there for long": {
			[]Instruction{
				{At: 10, Courier: c2, Kind: Reposition, Store: r1, Known: 3},
				{At: 15, Courier: c2, Kind: Reposition, Store: r1, Known: 3}, // stays
				{At: 28, Courier: c2, Kind: Deliver, Store: r1, Orders: []int{o1}, Known: 4},
			}, 28, 2,
		},
		"couriers may swap in one minute": {
			[]Instruction{
				{At: 5, Courier: c1, Kind: Deliver, Store: r1, Orders: []int{o1}, Known: 2},
				{At: 15, Courier: c2, Kind: Deliver, Store: r1, Orders: []int{o2}, Known: 3},
				{At: 15, Courier: c2, Kind: Update, Store: r1, Orders: []int{o1}, Known: 3},
				{At: 15, Courier: c1, Kind: Update, Store: r1, Orders: []int{o2}, Known: 3},
			}, 17, 2,
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, err := Replay(tinyDay(), test.log)
			if err != nil {
				t.Fatal(err)
			}
			if b := s.Bundles[len(s.Bundles)-1]; b.Pickup != test.pickup || len(s.Moves[c2]) != test.rides {
				t.Errorf("pickup in minute %d after %d rides, should be %d, %d", b.Pickup, len(s.Moves[c2]), test.pickup, test.rides)
			}
		})
	}
}

func TestCheckStrictRules(t *testing.T) {
	t.Parallel()
	first := Instruction{At: 0, Courier: c1, Kind: Deliver, Store: r1, Orders: []int{o1}, Known: 1} // arrives in minute 10
	tests := map[string]struct {
		log  []Instruction
		want []string
	}{
		"order of the log": {
			[]Instruction{{At: 1, Courier: c1, Store: r1, Known: 1}, {At: 0, Courier: 2, Store: r1, Known: 1}},
			[]string{"minute 0, courier c3, reposition: logged after an instruction of minute 1"},
		},
		"on-time": {
			[]Instruction{{At: 9, Courier: c2, Kind: Deliver, Store: r1, Orders: []int{o1}, Known: 3}},
			[]string{"minute 9, courier c2, deliver o1: before the on-time, minute 10"},
		},
		"busy delivering": {
			[]Instruction{first, {At: 25, Courier: c1, Kind: Reposition, Store: r2, Known: 4}},
			[]string{"minute 25, courier c1, reposition: not free before minute 26"},
		},
		"busy riding": {
			[]Instruction{{At: 0, Courier: c1, Store: r1, Known: 1}, {At: 9, Courier: c1, Kind: Deliver, Store: r1, Orders: []int{o1}, Known: 3}},
			[]string{"minute 9, courier c1, deliver o1: not free before minute 10"},
		},
		"empty bundle": {
			[]Instruction{{At: 0, Courier: c1, Kind: Deliver, Store: r1, Known: 1}},
			[]string{"minute 0, courier c1, deliver: no order"},
		},
		"two restaurants": {
			[]Instruction{{At: 8, Courier: c1, Kind: Deliver, Store: r1, Orders: []int{o1, o3}, Known: 3}},
			[]string{"minute 8, courier c1, deliver o1 o3: order o3 is from another restaurant, r2"},
		},
		"not placed": {
			[]Instruction{{At: 4, Courier: c1, Kind: Deliver, Store: r1, Orders: []int{o2}, Known: 1}},
			[]string{"minute 4, courier c1, deliver o2: order o2 is not among the 1 known", "deliver o2: order o2 is not placed before minute 5"},
		},
		"too much known": {
			[]Instruction{{At: 4, Courier: c1, Store: r1, For: []int{o2}, Known: 2}},
			[]string{"minute 4, courier c1, reposition: 2 orders known, should be 1", "reposition: order o2 is not placed before minute 5"},
		},
		"too little known": {
			[]Instruction{{At: 5, Courier: c1, Store: r1, Known: 1}},
			[]string{"minute 5, courier c1, reposition: 1 orders known, should be 2"},
		},
		"given to two": {
			[]Instruction{first, {At: 0, Courier: 2, Kind: Deliver, Store: r1, Orders: []int{o1}, Known: 1}},
			[]string{"minute 0, couriers c1 and c3: order o1 is given twice"},
		},
		"given again": {
			[]Instruction{first, {At: 26, Courier: c1, Kind: Deliver, Store: r1, Orders: []int{o1}, Known: 4}},
			[]string{"minute 26, couriers c1 and c1: order o1 is given twice"},
		},
		"given away before the update": {
			[]Instruction{
				{At: 5, Courier: c1, Kind: Deliver, Store: r1, Orders: []int{o1, o2}, Known: 2},
				{At: 14, Courier: c2, Kind: Deliver, Store: r1, Orders: []int{o2}, Known: 3},
				{At: 15, Courier: c1, Kind: Update, Store: r1, Orders: []int{o1}, Known: 3},
			},
			[]string{"minute 14, couriers c1 and c2: order o2 is given twice"},
		},
		"update before arrival": {
			[]Instruction{first, {At: 9, Courier: c1, Kind: Update, Store: r1, Orders: []int{o2}, Known: 3}},
			[]string{"minute 9, courier c1, update o2: not the minute of arrival, 10"},
		},
		"update after arrival": {
			[]Instruction{first, {At: 11, Courier: c1, Kind: Update, Store: r1, Orders: []int{o2}, Known: 3}},
			[]string{"minute 11, courier c1, update o2: not the minute of arrival, 10"},
		},
		"update without a ride": {
			[]Instruction{
				{At: 0, Courier: c1, Store: r1, Known: 1},
				{At: 10, Courier: c1, Kind: Deliver, Store: r1, Orders: []int{o1}, Known: 3},
				{At: 10, Courier: c1, Kind: Update, Store: r1, Orders: []int{o2}, Known: 3},
			},
			[]string{"minute 10, courier c1, update o2: no delivery under way that had to ride to its restaurant"},
		},
		"update to another restaurant": {
			[]Instruction{first, {At: 10, Courier: c1, Kind: Update, Store: r2, Orders: []int{o3}, Known: 3}},
			[]string{"minute 10, courier c1, update o3: the delivery under way is from restaurant r1"},
		},
		"update to nothing": {
			[]Instruction{first, {At: 10, Courier: c1, Kind: Update, Store: r1, Known: 3}},
			[]string{"minute 10, courier c1, update: no order"},
		},
		"update with the future": {
			[]Instruction{first, {At: 10, Courier: c1, Kind: Update, Store: r1, Orders: []int{o4}, Known: 3}},
			[]string{"minute 10, courier c1, update o4: order o4 is not among the 3 known", "update o4: order o4 is not placed before minute 20"},
		},
		"off-time": {
			[]Instruction{{At: 19, Courier: c2, Kind: Deliver, Store: r2, Orders: []int{o3}, Known: 3}},
			[]string{"minute 19, courier c2, deliver o3: pickup in minute 31, after the off-time, 30"},
		},
		"a move with orders": {
			[]Instruction{{At: 0, Courier: c1, Store: r1, Orders: []int{o1}, Known: 1}},
			[]string{"minute 0, courier c1, reposition o1: a move has no orders"},
		},
		"a move for another restaurant": {
			[]Instruction{{At: 0, Courier: c1, Store: r2, For: []int{o1}, Known: 1}},
			[]string{"minute 0, courier c1, reposition: order o1 is from another restaurant, r1"},
		},
		"platform's words": {
			[]Instruction{{At: 0, Courier: c1, Kind: Pick, Store: r1, Orders: []int{o1}, Known: 1}, {At: 0, Courier: c1, Kind: 9, Store: r1, Known: 1}},
			[]string{"courier c1, pick o1: strict rules know no such", "courier c1, kind 9: strict rules know no such"},
		},
		"nobody, nowhere": {
			[]Instruction{{At: 0, Courier: 3, Store: -1, For: []int{4}, Known: 1}},
			[]string{"courier #3, reposition: no courier #3", "no restaurant #-1", "no order #4"},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, err := Replay(tinyDay(), test.log)
			wantFaults(t, err, test.want)
			wantFaults(t, CheckStrict(tinyDay(), test.log, s), test.want)
		})
	}
}

func wantFaults(t *testing.T, err error, want []string) {
	t.Helper()
	got := faults(err)
	if !slices.EqualFunc(got, want, strings.Contains) {
		t.Errorf("found\n  %s\nshould be\n  %s", strings.Join(got, "\n  "), strings.Join(want, "\n  "))
	}
}

func TestCheckStrictSolution(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		change func(s *Solution)
		want   []string
	}{
		"bundle": {func(s *Solution) { s.Bundles[0].Pickup = 14 }, []string{
			"the solution has, but the log doesn't lead to: courier c1 gets in minute 10 and picks up in minute 14 the orders o1 o2",
			"the log leads to, but the solution lacks: courier c1 gets in minute 10 and picks up in minute 15 the orders o1 o2",
		}},
		"bundles' sequence": {func(s *Solution) { slices.Reverse(s.Bundles) }, []string{"bundles are not by assignment time"}},
		"delivery":          {func(s *Solution) { s.Deliveries = s.Deliveries[1:] }, []string{"lacks: order o1 is picked up in minute 15 and dropped off in minute 24 by courier c1"}},
		"invented delivery": {func(s *Solution) { s.Deliveries = append(s.Deliveries, Delivery{7, 9, 1, 2}) }, []string{"doesn't lead to: order #7 is picked up in minute 1 and dropped off in minute 2 by courier #9"}},
		"deliveries' sequence": {
			func(s *Solution) { slices.Reverse(s.Deliveries) }, []string{"deliveries: wrong sequence"},
		},
		"move":            {func(s *Solution) { s.Moves[c2] = s.Moves[c2][1:] }, []string{"lacks: courier c2 rides in minute 10 from 0 to r2"}},
		"moves' sequence": {func(s *Solution) { slices.Reverse(s.Moves[c1]) }, []string{"moves of courier c1: wrong sequence"}},
		"moves of few":    {func(s *Solution) { s.Moves = s.Moves[:2] }, []string{"moves of 2 couriers, should be 3"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			log, s := strictDay()
			test.change(s)
			wantFaults(t, CheckStrict(tinyDay(), log, s), test.want)
		})
	}
	wantFaults(t, CheckStrict(tinyDay(), nil, nil), []string{"no solution"})
}
