package geo

import (
	"fmt"
	"strconv"

	"github.com/uber/h3-go/v4"
)

// Cell is an H3 cell index; its text form is the usual lower-case hex.
type Cell uint64

// ZoneRes is the resolution of the cells that zones are sets of (edge ≈ 0.5 km).
const ZoneRes = 8

// CellOf returns the cell of p at a resolution (0–15). p must be Valid.
func CellOf(p LatLng, res int) Cell {
	c, err := h3.LatLngToCell(h3.LatLng{Lat: p.Lat, Lng: p.Lng}, res)
	if err != nil { // only for coordinates or resolutions that are not on the earth
		return 0
	}
	return Cell(c)
}

// Center is the middle of the cell.
func (c Cell) Center() LatLng {
	p, err := h3.Cell(c).LatLng()
	if err != nil {
		return LatLng{}
	}
	return LatLng{Lat: p.Lat, Lng: p.Lng}
}

// Middle is the mean of the cells' centres.
func Middle(cells []Cell) LatLng {
	var sum LatLng
	for _, c := range cells {
		p := c.Center()
		sum.Lat += p.Lat
		sum.Lng += p.Lng
	}
	n := float64(max(1, len(cells)))
	return LatLng{Lat: sum.Lat / n, Lng: sum.Lng / n}
}

// Parent is the cell's ancestor at a coarser resolution.
func (c Cell) Parent(res int) Cell {
	p, err := h3.Cell(c).Parent(res)
	if err != nil {
		return 0
	}
	return Cell(p)
}

// Disk returns the cells within k steps of c, c included.
func (c Cell) Disk(k int) []Cell {
	ds, err := h3.Cell(c).GridDisk(k)
	if err != nil {
		return nil
	}
	out := make([]Cell, len(ds))
	for i, d := range ds {
		out[i] = Cell(d)
	}
	return out
}

// Ring returns the cells exactly k steps from c.
func (c Cell) Ring(k int) []Cell {
	ds, err := h3.GridRingUnsafe(h3.Cell(c), k)
	if err != nil { // near a pentagon: fall back to the safe disks' difference
		return ringFromDisks(c, k)
	}
	out := make([]Cell, len(ds))
	for i, d := range ds {
		out[i] = Cell(d)
	}
	return out
}

func ringFromDisks(c Cell, k int) []Cell {
	if k == 0 {
		return []Cell{c}
	}
	inner := make(map[Cell]bool)
	for _, d := range c.Disk(k - 1) {
		inner[d] = true
	}
	var out []Cell
	for _, d := range c.Disk(k) {
		if !inner[d] {
			out = append(out, d)
		}
	}
	return out
}

// Boundary is the cell's outline, without repeating the first corner.
func (c Cell) Boundary() []LatLng {
	b, err := h3.Cell(c).Boundary()
	if err != nil {
		return nil
	}
	out := make([]LatLng, len(b))
	for i, p := range b {
		out[i] = LatLng{Lat: p.Lat, Lng: p.Lng}
	}
	return out
}

// Valid reports whether c is an H3 cell.
func (c Cell) Valid() bool { return h3.Cell(c).IsValid() }

func (c Cell) String() string { return strconv.FormatUint(uint64(c), 16) }

// MarshalText writes the hex form: 64-bit values do not survive JavaScript's numbers.
func (c Cell) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText reads the hex form.
func (c *Cell) UnmarshalText(b []byte) error {
	v, err := strconv.ParseUint(string(b), 16, 64)
	if err != nil || !Cell(v).Valid() {
		return fmt.Errorf("%q is not an H3 cell", b)
	}
	*c = Cell(v)
	return nil
}
