package sim

import "math"

// kitchen is what one can tell of ready times before they come: of each store the number of orders that have been ready so far,
// the mean and the spread of their preparation times. Until an order is ready, its preparation is taken to be log-normal, with the
// store's mean and spread, given that it has already taken longer than it is old: one that is overdue may well take much longer.
//
// Mean and spread lean on those of the whole day where a store has had few orders, and these on a first guess. What is told
// is leaning of a spread sooner than the mean: an order that nobody waits for costs more than a rider who waits.
type kitchen struct {
	day    *Day
	due    []int // orders placed and not ready yet
	stores []preps
	all    preps
}

// preps sums up preparation times, in seconds.
type preps struct{ n, sum, squares float64 }

const (
	guessMean   = 600.0 // of a preparation where nothing has ever been ready, seconds
	guessSpread = 300.0
	guesses     = 2.0  // orders that the first guess is worth
	dayMean     = 1.6  // orders of a store that the day's mean is worth
	daySpread   = 3.0  // and its spread,
	dayWithin   = 0.65 // of which this part is within the stores: a variance
	leaning     = 0.3
)

// overdue is how long an order that is not ready is expected to take at least, seconds.
const overdue = minute

func newKitchen(d *Day) *kitchen {
	k := &kitchen{day: d, stores: make([]preps, len(d.Stores))}
	k.all = preps{n: guesses, sum: guesses * guessMean, squares: guesses * (guessMean*guessMean + guessSpread*guessSpread)}
	return k
}

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
		k.stores[x.Store].add(float64(x.Ready - x.Placed))
		k.all.add(float64(x.Ready - x.Placed))
	}
	k.due = rest
}

func (p *preps) add(prep float64) {
	p.n, p.sum, p.squares = p.n+1, p.sum+prep, p.squares+prep*prep
}

// known reports whether o is ready, or when it will be is known.
func (k *kitchen) known(o, now int) bool {
	return k.day.Ready != ReadyEstimated || k.day.Orders[o].Ready <= now
}

// expects is when o is expected to be ready, and how much sooner or later it may be: 0 where that is known.
func (k *kitchen) expects(o, now int) (ready, spread int) {
	x := &k.day.Orders[o]
	if k.known(o, now) {
		return x.Ready, 0
	}
	mean, sd := k.prep(x.Store)
	mean, sd = beyond(mean, sd, float64(now-x.Placed))
	ready = max(now+overdue, x.Placed+int(mean-leaning*sd))
	return ready, min(int(sd), ready-now)
}

// prep is the mean and the spread of a store's preparation times so far.
func (k *kitchen) prep(store int) (mean, sd float64) {
	day, p := k.all.sum/k.all.n, &k.stores[store]
	mean = (p.sum + dayMean*day) / (p.n + dayMean)
	within := dayWithin * (k.all.squares/k.all.n - day*day)
	off := 0.0
	if p.n > 0 {
		off = p.squares - p.sum*p.sum/p.n
	}
	return mean, math.Sqrt((off + daySpread*within) / (max(0, p.n-1) + daySpread))
}

// beyond is the mean and the spread of a log-normal variable, given that it exceeds a.
func beyond(mean, sd, a float64) (float64, float64) {
	variance := math.Log1p(sd * sd / (mean * mean))
	sigma := math.Sqrt(variance)
	z := math.Inf(-1)
	if a > 0 {
		z = (math.Log(a/mean) + variance/2) / sigma
	}
	var first, second float64 // moments
	if z < 5 {
		above := func(z float64) float64 { return math.Erfc(z/math.Sqrt2) / 2 }
		first = mean * above(z-sigma) / above(z)
		second = (mean*mean + sd*sd) * above(z-2*sigma) / above(z)
	} else { // the tail is too thin to divide by, but there above(z) is nearly the density over z
		first = a * z / max(1, z-sigma)
		second = a * a * z / max(1, z-2*sigma)
	}
	return first, math.Sqrt(max(0, second-first*first))
}
