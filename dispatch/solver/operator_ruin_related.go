package solver

import (
	"cmp"
	"slices"
)

// ruinRelated takes n relatives of seed out, near ones rather than far ones:
// orders that could change places.
func (l *lns) ruinRelated(seed int32, n int) {
	list := l.related.of(l.state, seed)
	for tries := 4 * n; tries > 0 && n > 0 && len(list) > 0; tries-- {
		u := l.rng.Float64()
		if l.take(list[int(u*u*float64(len(list)))]) {
			n--
		}
	}
}

// related lists each order's nearest relatives, when first asked for.
type related struct {
	grid  grid // of pickups
	list  []int32
	n     []int32 // by order: length of its list + 1; 0 = not computed
	cells []int32
	keyed []keyedOrder
}

type keyedOrder struct {
	key   float64
	order int32
}

const (
	relatives  = 32 // kept per order
	looked     = 96 // pickups looked at, at least
	strangePer = 5  // metres that count as much as a second
	sameStore  = 300
)

func newRelated(s *state) related {
	points := make([]vec, len(s.orders))
	for i := range s.orders {
		points[i] = s.orders[i].pick
	}
	return related{
		grid: newGrid(points), list: make([]int32, relatives*len(points)), n: make([]int32, len(points)),
		keyed: make([]keyedOrder, 0, len(points)),
	}
}

func (d *related) of(s *state, o int32) []int32 {
	list := d.list[relatives*o : relatives*(o+1)]
	if d.n[o] > 0 {
		return list[:d.n[o]-1]
	}
	d.keyed = d.keyed[:0]
	c := d.grid.centreOf(s.orders[o].pick)
	first, last := d.grid.rings(c)
	for k := first; k <= last && len(d.keyed) < looked; k++ {
		d.cells = d.grid.ring(d.cells[:0], c, k)
		for _, cell := range d.cells {
			for _, other := range d.grid.items[d.grid.start[cell]:d.grid.start[cell+1]] {
				if other != o && !s.orders[other].pinned {
					d.keyed = append(d.keyed, keyedOrder{strangeness(&s.orders[o], &s.orders[other]), other})
				}
			}
		}
	}
	slices.SortFunc(d.keyed, func(a, b keyedOrder) int {
		return cmp.Or(cmp.Compare(a.key, b.key), cmp.Compare(a.order, b.order))
	})
	n := min(len(d.keyed), relatives)
	for i := range n {
		list[i] = d.keyed[i].order
	}
	d.n[o] = int32(n) + 1
	return list[:n]
}

// strangeness is how little a and b have to do with each other, in seconds:
// the distance of the stores, half that of the doors and half the gap between
// the ready times; orders of one store are nearer.
func strangeness(a, b *order) float64 {
	metre := pace{perMetre: 1.0 / strangePer}
	t := float64(metre.seconds(a.pick, b.pick)) + float64(metre.seconds(a.drop, b.drop))/2
	gap := float64(a.ready - b.ready)
	t += max(gap, -gap) / 2
	if a.store == b.store {
		t -= sameStore
	}
	return t
}
