package rider

// search looks at the place's cell and at ring after ring of cells around it (squares, not circles), until nobody further out can be near enough. Where
// riders are so few that this visits more cells than there are, and where a ring would leave the map (at the 180th meridian), it looks at all riders.
func (b *nearest) search(g *zoneGrid) {
	g.mu.RLock()
	defer g.mu.RUnlock()
	w := walk{nearest: b, grid: g}
	most := len(g.blocks) * len(gridBlock{})
	for k := int32(0); ; k++ {
		w.setRing(k)
		switch {
		case w.done(k):
			return
		case w.visited > most || b.cell.col-k < westmost || b.cell.col+k > eastmost:
			b.all(g)
			return
		}
		w.ring(k)
	}
}

const (
	westmost = int32(-180*packUnits) >> cellBits
	eastmost = int32(180*packUnits) >> cellBits
)

// all looks at every rider of the grid. What was found so far comes again; the limit that it gave still holds.
func (b *nearest) all(g *zoneGrid) {
	b.ranks, b.found = b.ranks[:0], b.found[:0]
	for _, block := range g.blocks {
		for _, c := range block {
			if c != nil {
				b.offer(c, 0)
			}
		}
	}
}

// walk goes through a grid's cells.
type walk struct {
	*nearest
	grid    *zoneGrid
	cos     float64 // of the place's latitude, times the least of those of the ring's and of all within it
	visited int     // cells

	block *gridBlock // the one last looked at
	at    cellAt     // of it
	begun bool
}

// setRing sets the cosine: it differs from the place's by less than the angle between the two.
func (w *walk) setRing(k int32) {
	w.cos = w.cosLat * max(0, w.cosLat-float64(k+1)*cellUnits/packUnits*radPerDegree)
}

// done reports whether nobody in ring k or beyond is near enough: they are too far north or south, or, in the rows between, too far east or west.
func (w *walk) done(k int32) bool {
	return min(w.gapOfRow(w.cell.row+k), w.gapOfRow(w.cell.row-k)) > w.flat && min(w.gapOfCol(w.cell.col+k), w.gapOfCol(w.cell.col-k)) > w.flat
}

// ring looks at the cells k steps away: two rows from end to end, and the two columns between them.
func (w *walk) ring(k int32) {
	north, south, west, east := w.cell.row+k, w.cell.row-k, w.cell.col-k, w.cell.col+k
	w.row(north, west, east)
	if k > 0 {
		w.row(south, west, east)
		w.column(west, south+1, north-1)
		w.column(east, south+1, north-1)
	}
}

func (w *walk) row(row, west, east int32) {
	gap := w.gapOfRow(row)
	if gap > w.flat {
		return
	}
	for col := west; col <= east; col++ {
		w.look(cellAt{row, col}, gap+w.gapOfCol(col))
	}
}

func (w *walk) column(col, south, north int32) {
	gap := w.gapOfCol(col)
	if gap > w.flat {
		return
	}
	for row := south; row <= north; row++ {
		w.look(cellAt{row, col}, gap+w.gapOfRow(row))
	}
}

// look offers a cell's riders if there are any and they may be near enough.
func (w *walk) look(at cellAt, gap float64) {
	w.visited++
	if gap > w.flat {
		return
	}
	if k := at.block(); k != w.at || !w.begun {
		w.block, w.at, w.begun = w.grid.blocks[k], k, true
	}
	if w.block != nil {
		if c := w.block[at.inBlock()]; c != nil {
			w.offer(c, w.cos)
		}
	}
}

// gapOfRow and gapOfCol are flat distances that those to the places in a row or column are not below, squared. Columns off the map begin at its edge,
// behind which the earth goes on.
func (w *walk) gapOfRow(row int32) float64 { return squaredGap(w.lat, row) }

func (w *walk) gapOfCol(col int32) float64 {
	return w.cos * squaredGap(w.lng, min(max(col, westmost), eastmost))
}

// squaredGap is from a coordinate to a row or column, less a centimetre for what rounding does.
func squaredGap(x float64, i int32) float64 {
	low := float64(i) * cellUnits
	gap := max(0, low-x-1, x-low-cellUnits-1)
	return gap * gap
}
