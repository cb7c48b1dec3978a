package bench

import (
	"context"
	"fmt"
	"strconv"
)

// matrices writes the travel times between all places, by profile. They are large, so they are written row by row.
func (e *vroomExport) matrices(ctx context.Context) {
	used := make([]bool, len(e.p.Travel.Vehicles))
	for i := range e.p.Riders {
		used[e.p.Riders[i].Vehicle] = true
	}
	first := true
	for kind := range used {
		if !used[kind] {
			continue // nobody asks for it
		}
		if !first {
			e.text(",")
		}
		first = false
		e.text(fmt.Sprintf("\n%q:{\"durations\":[", profile(uint8(kind))))
		for from := range e.places {
			if err := ctx.Err(); err != nil && e.err == nil {
				e.err = err
			}
			if e.err != nil {
				return
			}
			e.matrixRow(uint8(kind), from)
		}
		e.text("]}")
	}
}

func (e *vroomExport) matrixRow(kind uint8, from int) {
	row := make([]byte, 0, 6*len(e.places))
	if from > 0 {
		row = append(row, ',')
	}
	row = append(row, "\n["...)
	for to := range e.places {
		if to > 0 {
			row = append(row, ',')
		}
		row = strconv.AppendInt(row, int64(e.p.Travel.Seconds(kind, e.places[from], e.places[to])), 10)
	}
	e.text(string(append(row, ']')))
}
