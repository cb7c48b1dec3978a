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
	idle []int32 // by cell: index in items of the first idle rider
}

func newRiderGrid(riders []rider) riderGrid {
	points := make([]vec, len(riders))
	for i := range riders {
		points[i] = riders[i].at
	}
	g := riderGrid{grid: newGrid(points), cell: make([]int32, len(riders)), pos: make([]int32, len(riders))}
	g.idle = append([]int32(nil), g.start[:len(g.start)-1]...)
	for c := range g.idle {
		for k := g.start[c]; k < g.start[c+1]; k++ {
			g.cell[g.items[k]], g.pos[g.items[k]] = int32(c), k
		}
	}
	return g
}

// setBusy moves rider r to the right part of its cell.
func (g *riderGrid) setBusy(r int32, busy bool) {
	c := g.cell[r]
	if busy == (g.pos[r] < g.idle[c]) {
		return
	}
	if !busy {
		g.idle[c]--
	}
	other := g.items[g.idle[c]] // swaps with the rider at the border
	g.items[g.pos[r]], g.items[g.idle[c]] = other, r
	g.pos[other], g.pos[r] = g.pos[r], g.idle[c]
	if busy {
		g.idle[c]++
	}
}

func (g *riderGrid) busyIn(cell int32) []int32 { return g.items[g.start[cell]:g.idle[cell]] }
func (g *riderGrid) idleIn(cell int32) []int32 { return g.items[g.idle[cell]:g.start[cell+1]] }
