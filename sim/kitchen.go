package sim

// kitchen is what one can tell of ready times.
type kitchen struct {
	day    *Day
	due    []int // orders placed and not ready yet
	stores []prepMean
	all    prepMean
}

type prepMean struct{ sum, n int }

// defaultPrep is expected where nothing has ever been ready, seconds.
const defaultPrep = 600

// overdue is how long an order is still expected to take that should be ready, seconds.
const overdue = minute

func newKitchen(d *Day) *kitchen { return &kitchen{day: d, stores: make([]prepMean, len(d.Stores))} }

func (k *kitchen) placed(o int) {
	if k.day.Ready == ReadyEstimated {
		k.due = append(k.due, o)
	}
}

// watch learns from the orders that have become ready by now.
func (k *kitchen) watch(now int) {
	rest := k.due[:0]
	for _, o := range k.due {
		x := &k.day.Orders[o]
		if x.Ready > now {
			rest = append(rest, o)
			continue
		}
		k.stores[x.Store].add(x.Ready - x.Placed)
		k.all.add(x.Ready - x.Placed)
	}
	k.due = rest
}

func (m *prepMean) add(prep int) { m.sum, m.n = m.sum+prep, m.n+1 }

// expects is when o is expected to be ready, and whether that is known for sure.
func (k *kitchen) expects(o, now int) (ready int, sure bool) {
	x := &k.day.Orders[o]
	if k.day.Ready != ReadyEstimated || x.Ready <= now {
		return x.Ready, true
	}
	prep := defaultPrep
	if k.all.n > 0 {
		prep = k.all.sum / k.all.n
	}
	if m := k.stores[x.Store]; m.n > 0 {
		prep = m.sum / m.n
	}
	return max(now+overdue, x.Placed+prep*70/100), false
}
