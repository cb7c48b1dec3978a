package solver

import (
	"math"
	"slices"
)

// riderGrid finds riders by where they are now. That never changes in a round,
// and by the triangle inequality no rider reaches a place sooner than by riding
// there at once, whatever the route: so it bounds arrivals of busy riders too.
//
// Within a cell busy riders come first: an idle rider has one way to take an
// order and a tight bound, a busy one needs a look at the route.
type riderGrid struct {
	grid
	cell []int32   // by rider
	pos  []int32   // by rider: index in items
	seen []reach   // by index in items
	idle []int32   // by cell: index in items of the first idle rider
	free []int32   // by cell: the latest freeAt
	tail []float64 // by cell: the highest cost of staying there, of riders to whom it matters in full
	part []float64 // by cell: the least part of it that counts
}

func newRiderGrid(riders []rider) riderGrid {
	points := make([]vec, len(riders))
	for i := range riders {
		points[i] = riders[i].at
	}
	g := riderGrid{grid: newGrid(points), cell: make([]int32, len(riders)), pos: make([]int32, len(riders))}
	g.seen = make([]reach, len(riders))
	g.idle = append([]int32(nil), g.start[:len(g.start)-1]...)
	g.free = make([]int32, len(g.idle))
	g.tail, g.part = slices.Repeat([]float64{math.Inf(-1)}, len(g.idle)), slices.Repeat([]float64{1}, len(g.idle))
	for c := range g.idle {
		for k := g.start[c]; k < g.start[c+1]; k++ {
			r := g.items[k]
			g.cell[r], g.pos[r] = int32(c), k
			g.free[c] = max(g.free[c], riders[r].freeAt)
			if g.part[c] = min(g.part[c], riders[r].stays); riders[r].stays > 0 {
				g.tail[c] = max(g.tail[c], riders[r].end/riders[r].stays)
			}
		}
	}
	return g
}

// leave is a lower bound of what it costs an idle rider of a cell to end up where staying costs end.
func (g *riderGrid) leave(cell int32, end float64) float64 {
	d := end - g.tail[cell]
	if math.IsInf(d, 1) {
		return 0 // all are about to go home
	}
	if d > 0 {
		return d * g.part[cell]
	}
	return d
}

// set moves rider r to the right part of its cell and shows its route. A rider
// who is only about to get the last drop-off back counts as busy.
func (g *riderGrid) set(r int32, t *route) {
	busy := t.orders > 0
	if busy != g.busy(r) {
		c := g.cell[r]
		if !busy {
			g.idle[c]--
		}
		i, border := g.pos[r], g.idle[c]
		other := g.items[border]
		g.items[i], g.items[border] = other, r
		g.seen[i] = g.seen[border]
		g.pos[other], g.pos[r] = i, border
		if busy {
			g.idle[c]++
		}
	}
	g.seen[g.pos[r]] = t.reach
}

func (g *riderGrid) busy(r int32) bool { return g.pos[r] < g.idle[g.cell[r]] }

func (g *riderGrid) busyIn(cell int32) []reach { return g.seen[g.start[cell]:g.idle[cell]] }
func (g *riderGrid) idleIn(cell int32) []reach { return g.seen[g.idle[cell]:g.start[cell+1]] }
