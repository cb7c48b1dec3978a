package solver

// maxTaken bounds what one iteration takes out: more is rarely put back better.
const maxTaken = 8

// ruinRider takes the other orders of seed's rider out, or of a relative's
// rider when seed has none.
func (l *lns) ruinRider(seed int32) {
	r := l.from[len(l.from)-1]
	if r == nobody {
		list := l.related.of(l.state, seed)
		if len(list) == 0 {
			return
		}
		if r = l.riderOf[list[l.rng.IntN(min(8, len(list)))]]; r == nobody {
			return
		}
	}
	l.touch(r) // taking out re-writes the route: walk the saved one
	for i := range l.journal.n {
		e := &l.journal.entries[i]
		if e.rider != r {
			continue
		}
		for k := range e.was.v {
			if !e.was.v[k].pickup && len(l.pool) < maxTaken {
				l.take(e.was.v[k].order)
			}
		}
	}
}
