package rider

import "sync"

// zoneGrid holds one zone's riders by cell: rectangles of latitude and longitude, which arithmetic finds in a nanosecond (H3 takes 2 µs) and
// whose neighbours are theirs plus one. Where cells are is told by blocks of them, so that a search asks a map once in a while, not at each cell.
//
// mu guards which cells there are. A cell's own lock guards what is in it; a rider enters, leaves or changes cells under it and under mu for reading.
// So whoever holds mu for writing sees each rider once; whoever holds it for reading may meet one twice who changes cells at that moment, or miss them.
type zoneGrid struct {
	key    zoneKey
	mu     sync.RWMutex
	blocks map[cellAt]*gridBlock
}

// gridBlock is a square of cells, those without riders left out.
type gridBlock [blockSide * blockSide]*gridCell

// gridCell is a cell that riders are, or were, in.
type gridCell struct {
	mu     sync.Mutex
	at     cellAt
	riders []gridRider
}

// gridRider is a rider in a cell, with a copy of where they are, so that a search reads memory in order and touches no track.
type gridRider struct {
	place packed
	*track
}

// cellAt is the row and column of a cell, counted from the equator and from Greenwich.
type cellAt struct{ row, col int32 }

const (
	// cellBits makes cells of 2^15 units of packed, 364 m from south to north; from west to east it is that at the equator, half of it at 60°.
	cellBits  = 15
	cellUnits = 1 << cellBits

	blockBits = 4
	blockSide = 1 << blockBits
)

func cellOf(p packed) cellAt { return cellAt{int32(p>>32) >> cellBits, int32(p) >> cellBits} }

func (c cellAt) block() cellAt { return cellAt{c.row >> blockBits, c.col >> blockBits} }

// inBlock is the cell's place in its block.
func (c cellAt) inBlock() int32 { return c.row&(blockSide-1)<<blockBits | c.col&(blockSide-1) }

func newZoneGrid(k zoneKey) *zoneGrid {
	return &zoneGrid{key: k, blocks: make(map[cellAt]*gridBlock)}
}

// add puts a track into the cell where it is; the track is in none.
func (g *zoneGrid) add(t *track) {
	at := cellOf(t.place)
	g.mu.RLock()
	if b := g.blocks[at.block()]; b != nil && b[at.inBlock()] != nil {
		b[at.inBlock()].enter(t)
		g.mu.RUnlock()
		return
	}
	g.mu.RUnlock()
	g.mu.Lock()
	g.open(at).enter(t)
	g.mu.Unlock()
}

// open makes a cell, if nobody else has meanwhile.
func (g *zoneGrid) open(at cellAt) *gridCell {
	b := g.blocks[at.block()]
	if b == nil {
		b = new(gridBlock)
		g.blocks[at.block()] = b
	}
	c := &b[at.inBlock()]
	if *c == nil {
		*c = &gridCell{at: at}
	}
	return *c
}

func (g *zoneGrid) remove(t *track) {
	g.mu.RLock()
	t.cell.leave(t)
	g.mu.RUnlock()
}

// shift takes a track to the cell where it is now.
func (g *zoneGrid) shift(t *track) {
	at := cellOf(t.place)
	g.mu.RLock()
	if b := g.blocks[at.block()]; b != nil && b[at.inBlock()] != nil {
		t.cell.leave(t)
		b[at.inBlock()].enter(t)
		g.mu.RUnlock()
		return
	}
	g.mu.RUnlock()
	g.mu.Lock()
	t.cell.leave(t)
	g.open(at).enter(t)
	g.mu.Unlock()
}

// sweep forgets the cells and blocks that nobody is in any more.
func (g *zoneGrid) sweep() {
	g.mu.Lock()
	defer g.mu.Unlock()
	for k, b := range g.blocks {
		used := false
		for i, c := range b {
			switch {
			case c == nil:
			case len(c.riders) == 0:
				b[i] = nil
			default:
				used = true
			}
		}
		if !used {
			delete(g.blocks, k)
		}
	}
}

// all is a copy of the zone's tracks.
func (g *zoneGrid) all() []*track {
	g.mu.Lock()
	defer g.mu.Unlock()
	var out []*track
	for _, b := range g.blocks {
		for _, c := range b {
			if c == nil {
				continue
			}
			c.mu.Lock()
			for _, r := range c.riders {
				out = append(out, r.track)
			}
			c.mu.Unlock()
		}
	}
	return out
}

func (c *gridCell) enter(t *track) {
	c.mu.Lock()
	t.cell, t.slot = c, int32(len(c.riders))
	c.riders = append(c.riders, gridRider{t.place, t})
	c.mu.Unlock()
}

func (c *gridCell) leave(t *track) {
	c.mu.Lock()
	last := len(c.riders) - 1
	moved := c.riders[last]
	c.riders[t.slot], c.riders[last] = moved, gridRider{}
	moved.slot = t.slot
	if c.riders = c.riders[:last]; last == 0 {
		c.riders = nil
	}
	c.mu.Unlock()
}

// stay notes a move within the cell.
func (c *gridCell) stay(t *track) {
	c.mu.Lock()
	c.riders[t.slot].place = t.place
	c.mu.Unlock()
}
