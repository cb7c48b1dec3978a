package solver

// riderGrid finds riders by where they are now. That never changes in a round,
// and by the triangle inequality no rider reaches a place sooner than by riding
// there at once, whatever the route: so it bounds arrivals of busy riders too.
//
// Within a cell busy riders come first: an idle rider has one way to take an
// order and a tight bound, a busy one needs a look at the route.
type riderGrid struct {
	grid
	cell []int32 // by rider
	pos  []int32 // by rider: index in items
	seen []reach // by index in items
	idle []int32 // by cell: index in items of the first idle rider
	free []int32 // by cell: the latest freeAt
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
	for c := range g.idle {
		for k := g.start[c]; k < g.start[c+1]; k++ {
			r := g.items[k]
			g.cell[r], g.pos[r] = int32(c), k
			g.free[c] = max(g.free[c], riders[r].freeAt)
		}
	}
	return g
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
