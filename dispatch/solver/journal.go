package solver

// journal remembers the routes that an iteration touches, so that a change that
// does not pay is undone at the price of those alone. Its buffers are reused.
type journal struct {
	stamp   []int32 // by rider: the iteration that touched it last
	entries []entry
	n       int
	now     int32
}

type entry struct {
	rider int32
	was   route
}

func newJournal(riders int) journal { return journal{stamp: make([]int32, riders)} }

func (j *journal) begin(iter int32) { j.n, j.now = 0, iter }

// touch saves rider r's route before its first change in this iteration.
func (l *lns) touch(r int32) {
	j := &l.journal
	if j.stamp[r] == j.now {
		return
	}
	j.stamp[r] = j.now
	if j.n == len(j.entries) {
		j.entries = append(j.entries, entry{})
	}
	e := &j.entries[j.n]
	j.n++
	v := append(e.was.v[:0], l.routes[r].v...)
	*e = entry{r, l.routes[r]}
	e.was.v = v
}

// rollback restores everything that the iteration changed.
func (l *lns) rollback() {
	j := &l.journal
	for i := range j.n {
		e := &j.entries[i]
		t := &l.routes[e.rider]
		v := append(t.v[:0], e.was.v...)
		*t = e.was
		t.v = v
		l.riderGrid.set(e.rider, t)
	}
	for i, o := range l.pool {
		l.riderOf[o] = l.from[i]
	}
}
