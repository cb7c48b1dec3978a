package solver

// How often recreate overlooks an improvement, as chances of 2⁶⁴: 2 %; and half the time in one iteration of eight where the orders are
// few. Greedy insertion that always sees everything falls back into the same plan; where there is little to ruin and capacity is tight,
// it takes more than the seldom blink to leave it.
const (
	seldom = 1 << 64 / 50
	often  = 1 << 63
	few    = 16
)

// recreate puts the pool back, each order at its cheapest slot, and reports
// whether all that must be served are.
//
// Only a cheaper whole is of use. So each search is bounded by what may still
// be spent: the gain of the ruin, less what the rest of the pool will cost at
// the very least. Most iterations end at the first bound.
func (l *lns) recreate() bool {
	l.shuffle()
	rest := 0.0
	for _, o := range l.pool {
		rest += l.leastEver(o)
	}
	for i, o := range l.pool {
		x := &l.orders[o]
		if x.group != 0 && (l.decided[x.group] == l.iter || l.whole(o)) {
			if !l.recreateTogether(x.group, &rest) {
				return false
			}
			continue
		}
		rest -= l.leastEver(o)
		limit := -l.balance - rest
		leave := l.mayLeave(o)
		if leave {
			limit = min(limit, x.penalty)
		}
		sl := l.search(o, limit, l.from[i])
		switch {
		case sl.rider != nobody:
			l.touch(sl.rider)
			l.balance -= l.routes[sl.rider].cost
			l.insert(o, sl)
			l.balance += l.routes[sl.rider].cost
		case leave && x.penalty < -l.balance-rest:
			l.balance += x.penalty
		default:
			return false
		}
	}
	return true
}

// leastEver is the least that o costs, served or not.
func (l *lns) leastEver(o int32) float64 {
	x := &l.orders[o]
	if x.bound != nobody {
		return x.floor
	}
	return min(x.floor, x.penalty)
}

// shuffle orders the pool: at random, by target, by ready time, or longest ride first.
func (l *lns) shuffle() {
	by := l.rng.IntN(4)
	l.keys = l.keys[:0]
	for _, o := range l.pool {
		x := &l.orders[o]
		key := int64(l.rng.Uint32())
		switch by {
		case 1:
			key = int64(x.target)
		case 2:
			key = int64(x.ready)
		case 3:
			key = -int64(l.minPace.seconds(x.pick, x.drop))
		}
		l.keys = append(l.keys, key)
	}
	for i := 1; i < len(l.pool); i++ {
		for k := i; k > 0 && l.keys[k] < l.keys[k-1]; k-- {
			l.keys[k], l.keys[k-1] = l.keys[k-1], l.keys[k]
			l.pool[k], l.pool[k-1] = l.pool[k-1], l.pool[k]
			l.from[k], l.from[k-1] = l.from[k-1], l.from[k]
		}
	}
}
