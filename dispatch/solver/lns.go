package solver

import (
	"math"
	"math/rand/v2"
)

// lns is the improvement by ruin and recreate: take a few related orders out,
// put them back greedily, keep the result if it is cheaper. (Christiaens and
// Vanden Berghe 2020, "Slack induction by string removals"; the relatedness is
// Shaw's, as in Ropke and Pisinger 2006.)
type lns struct {
	*state
	rng     *rand.Rand
	source  *rand.PCG
	movable []int32 // orders that may be taken out
	related related
	journal journal

	pool    []int32 // orders taken out in this iteration
	from    []int32 // their riders before
	pooled  []int32 // by order: the iteration that took it out
	decided []int32 // by group: the iteration that put it back or left it out, as a whole
	batch   []int32 // the orders of one group in the pool
	keys    []int64 // sorting scratch
	iter    int32
	balance float64 // cost so far compared with before the iteration
}

// minGain keeps rounding errors from looking like improvements; minutes.
const minGain = 1e-6

func newLNS(s *state, seed uint64) *lns {
	l := &lns{state: s, source: rand.NewPCG(seed, 0x9e3779b97f4a7c15)}
	l.rng = rand.New(l.source)
	l.pooled, l.decided = make([]int32, len(s.orders)), make([]int32, len(s.groups))
	l.related = newRelated(s)
	l.journal = newJournal(len(s.riders))
	for o := range s.orders {
		if !s.orders[o].pinned {
			l.movable = append(l.movable, int32(o))
		}
	}
	return l
}

// iterate tries one change and reports whether it was kept.
func (l *lns) iterate() bool {
	if l.iter == math.MaxInt32 {
		l.iter = 0
		clear(l.pooled)
		clear(l.decided)
		clear(l.journal.stamp)
	}
	l.iter++
	l.journal.begin(l.iter)
	l.pool, l.from, l.balance = l.pool[:0], l.from[:0], 0
	l.ruin()
	l.blinks, l.blinkRate = l.source, seldom
	if len(l.movable) <= few && l.rng.IntN(8) == 0 {
		l.blinkRate = often
	}
	if l.recreate() && l.balance < -minGain && l.limitsStillHold() {
		for _, o := range l.pool {
			l.setWaiting(o, l.riderOf[o] == nobody)
		}
		return true
	}
	l.rollback()
	return false
}

// ruin picks a seed, one in three times among the waiting orders, and takes it
// out with its relatives or with the rest of its rider's orders.
func (l *lns) ruin() {
	seed := l.movable[l.rng.IntN(len(l.movable))]
	if len(l.waiting) > 0 && l.rng.IntN(10) < 3 {
		seed = l.waiting[l.rng.IntN(len(l.waiting))]
	}
	l.take(seed)
	if l.rng.IntN(4) < 3 {
		l.ruinRelated(seed, 2+l.rng.IntN(5))
	} else {
		l.ruinRider(seed)
	}
}

// take moves o from its route to the pool, if that is allowed and not done yet, and mostly the rest of its group with it.
func (l *lns) take(o int32) bool {
	if !l.takeOne(o) {
		return false
	}
	if g := l.orders[o].group; g != 0 {
		l.takeGroup(g)
	}
	return true
}

func (l *lns) takeOne(o int32) bool {
	if l.pooled[o] == l.iter || l.orders[o].pinned {
		return false
	}
	l.pooled[o] = l.iter
	r := l.riderOf[o]
	l.pool, l.from = append(l.pool, o), append(l.from, r)
	if r == nobody {
		l.balance -= l.orders[o].penalty
		return true
	}
	l.touch(r)
	l.balance -= l.routes[r].cost
	l.remove(o)
	l.balance += l.routes[r].cost
	return true
}

// limitsStillHold looks again at the touched routes: taking an order out can
// make another wait aboard, behind food that is not ready, longer than before.
func (l *lns) limitsStillHold() bool {
	if l.limits.MaxDetour == 0 {
		return true
	}
	for i := range l.journal.n {
		r := l.journal.entries[i].rider
		if !detourOK(l.state, r, l.routes[r].v) {
			return false
		}
	}
	return true
}
