package rider

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/paidan/paidan/internal/id"
)

func orderIDs(n int) []id.Order {
	out := make([]id.Order, n)
	for i := range out {
		out[i] = id.NewOrder()
	}
	return out
}

func stop(o id.Order, k StopKind) Stop { return Stop{Order: o, Kind: k, At: shanghai} }

func TestMerge(t *testing.T) {
	t.Parallel()
	o := orderIDs(4)
	a, b, c, d := o[0], o[1], o[2], o[3]
	for _, tc := range []struct {
		name                    string
		current, proposed, want []Stop
		added                   []id.Order
	}{
		{name: "nothing"},
		{
			name:     "an offer is accepted",
			current:  []Stop{stop(a, Dropoff)},
			proposed: []Stop{stop(b, Pickup), stop(a, Dropoff), stop(b, Dropoff)},
			added:    []id.Order{b},
			want:     []Stop{stop(b, Pickup), stop(a, Dropoff), stop(b, Dropoff)},
		},
		{
			name:     "picked up meanwhile",
			current:  []Stop{stop(a, Dropoff)},
			proposed: []Stop{stop(a, Pickup), stop(b, Pickup), stop(a, Dropoff), stop(b, Dropoff)},
			added:    []id.Order{b},
			want:     []Stop{stop(b, Pickup), stop(a, Dropoff), stop(b, Dropoff)},
		},
		{
			name:     "cancelled meanwhile: what nobody adds does not come back",
			proposed: []Stop{stop(a, Pickup), stop(b, Pickup), stop(b, Dropoff), stop(a, Dropoff)},
			added:    []id.Order{b},
			want:     []Stop{stop(b, Pickup), stop(b, Dropoff)},
		},
		{
			name:     "a dispatcher inserted two meanwhile",
			current:  []Stop{stop(c, Pickup), stop(a, Dropoff), stop(c, Dropoff), stop(d, Dropoff)},
			proposed: []Stop{stop(b, Pickup), stop(b, Dropoff), stop(a, Dropoff)},
			added:    []id.Order{b},
			want:     []Stop{stop(b, Pickup), stop(b, Dropoff), stop(a, Dropoff), stop(c, Pickup), stop(c, Dropoff), stop(d, Dropoff)},
		},
		{
			name:     "a proposal that forgot a pickup",
			current:  []Stop{stop(a, Pickup), stop(a, Dropoff)},
			proposed: []Stop{stop(a, Dropoff)},
			want:     []Stop{stop(a, Pickup), stop(a, Dropoff)},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(tc.want, Merge(tc.current, tc.proposed, tc.added), cmpEmpty); diff != "" {
				t.Error(diff)
			}
		})
	}
}

var cmpEmpty = cmp.Transformer("empty", func(s []Stop) []Stop {
	if len(s) == 0 {
		return nil
	}
	return append([]Stop{}, s...)
})

func TestMergeInvariants(t *testing.T) {
	t.Parallel()
	all := orderIDs(6)
	list := rapid.Custom(func(t *rapid.T) []Stop { // any stops in any order, even nonsense
		var out []Stop
		for range rapid.IntRange(0, 14).Draw(t, "n") {
			s := stop(rapid.SampledFrom(all).Draw(t, "order"), rapid.SampledFrom([]StopKind{Pickup, Dropoff}).Draw(t, "kind"))
			s.ArriveAt = noon.Add(time.Duration(rapid.IntRange(0, 100).Draw(t, "arrive")) * time.Minute)
			out = append(out, s)
		}
		return out
	})
	rapid.Check(t, func(t *rapid.T) {
		current, proposed := list.Draw(t, "current"), list.Draw(t, "proposed")
		added := rapid.SliceOfDistinct(rapid.SampledFrom(all), rapid.ID).Draw(t, "added")
		joins := map[id.Order]bool{}
		for _, o := range added {
			joins[o] = true
		}
		want := map[stopKey]bool{}
		for _, s := range current {
			want[s.key()] = true
		}
		for _, s := range proposed {
			if joins[s.Order] {
				want[s.key()] = true
			}
		}
		place := map[stopKey]int{}
		for i, s := range Merge(current, proposed, added) {
			if _, twice := place[s.key()]; twice {
				t.Fatalf("%v twice", s)
			}
			if !want[s.key()] {
				t.Fatalf("%v came from nowhere", s)
			}
			place[s.key()] = i
		}
		if len(place) != len(want) {
			t.Fatalf("%d stops, want %d", len(place), len(want))
		}
		for k, i := range place {
			if p, ok := place[stopKey{k.order, Pickup}]; k.kind == Dropoff && ok && p > i {
				t.Fatalf("%s is dropped off before it is picked up", k.order)
			}
		}
	})
}

func TestWithout(t *testing.T) {
	t.Parallel()
	o := orderIDs(2)
	p := Plan{Stops: []Stop{stop(o[0], Pickup), stop(o[1], Dropoff), stop(o[0], Dropoff)}}
	if got := p.Without(o[0]); len(got.Stops) != 1 || got.Stops[0].Order != o[1] {
		t.Errorf("%v", got.Stops)
	}
	if got := p.Without(o[0], Pickup); len(got.Stops) != 2 || got.Stops[1].Kind != Dropoff {
		t.Errorf("%v", got.Stops)
	}
	if len(p.Stops) != 3 || p.Stops[0].Order != o[0] {
		t.Error("the original changed")
	}
	if got := p.Orders(); !cmp.Equal(got, o) {
		t.Errorf("%v", got)
	}
}
