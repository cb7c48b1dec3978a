package geo

import "math"

// Around returns the cells whose centres lie within radius metres of a place, its own cell always among them.
func Around(center LatLng, radius float64, res int) []Cell {
	own := CellOf(center, res)
	k := int(math.Ceil(radius/(1.5*inradius(own)))) + 1 // neighbours' centres are √3 to 2 inradii apart; distortion takes some
	var out []Cell
	for _, c := range own.Disk(k) {
		if c == own || Distance(center, c.Center()) <= radius {
			out = append(out, c)
		}
	}
	return out
}

// inradius is the distance from the centre to the nearest side, roughly: to the nearest middle of a side.
func inradius(c Cell) float64 {
	corners, center := c.Boundary(), c.Center()
	least := math.Inf(1)
	for i, a := range corners {
		b := corners[(i+1)%len(corners)]
		least = min(least, Distance(center, LatLng{(a.Lat + b.Lat) / 2, (a.Lng + b.Lng) / 2}))
	}
	return least
}
