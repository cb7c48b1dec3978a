package solver

// takeGroup is called when an order of group g has been taken out. Where the group has no rider any more, the others have to come
// along. Otherwise they come now and then, the more seldom the more there are: then the group may move; else the order comes
// back to the same route, elsewhere in it.
func (l *lns) takeGroup(g int32) {
	x := &l.groups[g]
	if x.anchor != nobody || (l.home(g) != nobody && l.rng.IntN(1+len(x.members)/2) > 0) {
		return
	}
	for _, o := range x.members {
		l.takeOne(o)
	}
}

// recreateTogether puts group g, all of which is in the pool, back to one rider or leaves it out, and reports whether the
// iteration can still improve anything. rest is what the pool not yet put back costs at the very least.
func (l *lns) recreateTogether(g int32, rest *float64) bool {
	if l.decided[g] == l.iter {
		return true
	}
	l.decided[g] = l.iter
	l.batch = l.batch[:0]
	hint := nobody
	for i, o := range l.pool {
		if l.orders[o].group == g {
			*rest -= l.leastEver(o)
			l.batch, hint = append(l.batch, o), l.from[i]
		}
	}
	limit, penalty := -l.balance-*rest, l.penalties(l.batch)
	w := l.searchTogether(l.batch, min(limit, penalty), hint)
	switch {
	case w.rider != nobody:
		l.touch(w.rider)
		l.placeTogether(l.batch, w)
		l.balance += w.cost
	case penalty < limit:
		l.balance += penalty
	default:
		return false
	}
	return true
}
