package sim

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

// platformDay interleaves two restaurants: c1 picks up twice at r1, once at r2, and then goes to the doors.
func platformDay() ([]Instruction, *Solution) {
	return []Instruction{
			{At: 0, Courier: c1, Kind: Reposition, Store: r1, For: []int{o1}, Known: 1},
			{At: 10, Courier: c1, Kind: Pick, Store: r1, Orders: []int{o1}, Known: 3}, // before it is ready
			{At: 17, Courier: c1, Kind: Pick, Store: r1, Orders: []int{o2}, Known: 3}, // the same stop
			{At: 19, Courier: c1, Kind: Reposition, Store: r2, For: []int{o3}, Known: 3},
			{At: 29, Courier: c1, Kind: Pick, Store: r2, Orders: []int{o3}, Known: 4},
			{At: 33, Courier: c1, Kind: Drop, Store: -1, Orders: []int{o3}, Known: 4},
			{At: 40, Courier: c1, Kind: Drop, Store: -1, Orders: []int{o2}, Known: 4},
			{At: 55, Courier: c1, Kind: Drop, Store: -1, Orders: []int{o1}, Known: 4},
		}, &Solution{
			Bundles: []Bundle{
				{Assigned: 10, Pickup: 15, Courier: c1, Orders: []int{o1}},
				{Assigned: 17, Pickup: 17, Courier: c1, Orders: []int{o2}},
				{Assigned: 29, Pickup: 31, Courier: c1, Orders: []int{o3}},
			},
			Deliveries: []Delivery{{o1, c1, 15, 59}, {o2, c1, 17, 53}, {o3, c1, 31, 38}},
			Moves: [][]Move{
				{{0, start, atR1}, {19, atR1, atR2}, {33, atR2, door(o3)}, {40, door(o3), door(o2)}, {55, door(o2), door(o1)}},
				nil,
				nil,
			},
		}
}

func TestPlatformDay(t *testing.T) {
	t.Parallel()
	log, want := platformDay()
	got, err := ReplayPlatform(tinyDay(), log)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("replay (-want +got):\n%s", diff)
	}
	if err := CheckPlatform(tinyDay(), log, want); err != nil {
		t.Error(err)
	}
	want.Deliveries[0].Dropoff--
	wantFaults(t, CheckPlatform(tinyDay(), log, want), []string{
		"order o1 is picked up in minute 15 and dropped off in minute 58", "order o1 is picked up in minute 15 and dropped off in minute 59",
	})
}

func TestCheckPlatformRules(t *testing.T) {
	t.Parallel()
	ride := Instruction{At: 0, Courier: c1, Store: r1, Known: 1}                                     // until minute 10
	pick := Instruction{At: 10, Courier: c1, Kind: Pick, Store: r1, Orders: []int{o1}, Known: 3}     // until minute 17
	drop := Instruction{At: 17, Courier: c1, Kind: Drop, Store: -1, Orders: []int{o1}, Known: 3}     // until minute 26
	ride2 := Instruction{At: 10, Courier: c2, Store: r1, Known: 3}                                   // no minute
	pick2 := Instruction{At: 15, Courier: c2, Kind: Pick, Store: r1, Orders: []int{o1}, Known: 3}    // until minute 17
	late := Instruction{At: 29, Courier: c2, Kind: Pick, Store: r1, Orders: []int{o4}, Known: 4}     // until minute 31
	lateDrop := Instruction{At: 31, Courier: c2, Kind: Drop, Store: -1, Orders: []int{o4}, Known: 4} // after the off-time
	tests := map[string]struct {
		log  []Instruction
		want []string
	}{
		"picked up elsewhere": {
			[]Instruction{{At: 10, Courier: c2, Kind: Pick, Store: r1, Orders: []int{o1}, Known: 3}},
			[]string{"minute 10, courier c2, pick o1: not at restaurant r1 but at 0"},
		},
		"picked up on the way": {
			[]Instruction{ride, {At: 9, Courier: c1, Kind: Pick, Store: r1, Orders: []int{o1}, Known: 3}},
			[]string{"minute 9, courier c1, pick o1: not free before minute 10"},
		},
		"picked up nothing": {
			[]Instruction{ride, {At: 10, Courier: c1, Kind: Pick, Store: r1, Known: 3}},
			[]string{"minute 10, courier c1, pick: no order"},
		},
		"another restaurant's": {
			[]Instruction{
				ride, {At: 10, Courier: c1, Kind: Pick, Store: r1, Orders: []int{o3}, Known: 3},
				{At: 32, Courier: c1, Kind: Drop, Orders: []int{o3}, Known: 4},
			},
			[]string{"minute 10, courier c1, pick o3: order o3 is from another restaurant, r2"},
		},
		"left while waiting": {
			[]Instruction{ride, pick, {At: 16, Courier: c1, Kind: Reposition, Store: r2, Known: 3}, drop},
			[]string{"minute 16, courier c1, reposition: not free before minute 17"},
		},
		"left while serving": {
			[]Instruction{ride, pick, drop, {At: 25, Courier: c1, Kind: Reposition, Store: r2, Known: 4}},
			[]string{"minute 25, courier c1, reposition: not free before minute 26"},
		},
		"future": {
			[]Instruction{ride, {At: 10, Courier: c1, Kind: Reposition, Store: r1, For: []int{o4}, Known: 3}},
			[]string{"order o4 is not among the 3 known", "order o4 is not placed before minute 20"},
		},
		"picked up twice": {
			[]Instruction{ride, ride2, pick, pick2, drop, {At: 17, Courier: c2, Kind: Drop, Orders: []int{o1}, Known: 3}},
			[]string{"minute 15, couriers c1 and c2: order o1 is given twice"},
		},
		"not aboard": {
			[]Instruction{{At: 0, Courier: c1, Kind: Drop, Orders: []int{o1}, Known: 1}},
			[]string{"minute 0, courier c1, drop o1: order o1 is not aboard"},
		},
		"dropped off twice": {
			[]Instruction{ride, pick, drop, {At: 26, Courier: c1, Kind: Drop, Orders: []int{o1}, Known: 4}},
			[]string{"minute 26, courier c1, drop o1: order o1 is not aboard"},
		},
		"two doors": {
			[]Instruction{ride, pick, {At: 17, Courier: c1, Kind: Drop, Orders: []int{o1, o1}, Known: 3}, drop},
			[]string{"minute 17, courier c1, drop o1 o1: 2 orders, should be one"},
		},
		"never dropped off": {
			[]Instruction{ride, pick},
			[]string{"courier c1: order o1 was picked up in minute 15 and never dropped off"},
		},
		"in time": {[]Instruction{ride2, late, lateDrop}, nil},
		"off-time": {
			[]Instruction{
				ride2, {At: 31, Courier: c2, Kind: Pick, Store: r1, Orders: []int{o4}, Known: 4},
				{At: 33, Courier: c2, Kind: Drop, Orders: []int{o4}, Known: 4},
			},
			[]string{"minute 31, courier c2, pick o4: pickup in minute 31, after the off-time, 30"},
		},
		"strict rules' words": {
			[]Instruction{{At: 0, Courier: c1, Kind: Deliver, Store: r1, Orders: []int{o1}, Known: 1}},
			[]string{"minute 0, courier c1, deliver o1: platform rules know no such instruction"},
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, err := ReplayPlatform(tinyDay(), test.log)
			wantFaults(t, err, test.want)
			wantFaults(t, CheckPlatform(tinyDay(), test.log, s), test.want)
		})
	}
}
