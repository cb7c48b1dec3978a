package rider

import (
	"math"
	"time"

	"github.com/paidan/paidan/internal/geo"
)

// verdict is what becomes of a fix.
type verdict uint8

const (
	accepted verdict = iota
	duplicate
	late
	ancient // late, and too old even for history
	future
	impossible
	inaccurate
	mock
	verdicts // their number
)

func (v verdict) String() string {
	return [...]string{"accepted", "duplicate", "late", "ancient", "future", "impossible", "inaccurate", "mock"}[v]
}

func (v verdict) stored() bool { return v == accepted || v == late }

// tally counts verdicts.
type tally [verdicts]int

func (n *tally) counts() Counts {
	return Counts{
		Accepted: n[accepted], Duplicate: n[duplicate], Late: n[late] + n[ancient], Future: n[future],
		Impossible: n[impossible], Inaccurate: n[inaccurate], Mock: n[mock],
	}
}

const (
	// maxAccuracy in metres: beyond it a fix is from a cell tower and says little about which street.
	maxAccuracy = 250
	// futureSlack is how far a phone's clock may run ahead.
	futureSlack = time.Minute
	// maxAge is how old a fix may be to be worth keeping.
	maxAge = 72 * time.Hour
	// jumpSlack in metres is believed at any speed: receivers wander between buildings.
	jumpSlack = 150
	// suspectsToBelieve is how many impossible fixes in a row that agree with one another outvote the last position,
	// so that a single wild one that slipped in does not lock the rider out.
	suspectsToBelieve = 3
)

// filterState is what the filter remembers of a rider, beside the last position.
type filterState struct {
	seqs     seqWindow
	heard    int64   // when the phone last sent something, µs since 1970
	variance float32 // of the place, m²: see smooth
	suspects uint8
	suspect  suspect // the latest impossible fix
}

// suspect is a fix that the last position says is impossible.
type suspect struct {
	place    packed
	at       int64
	accuracy float32
}

// judge tells what becomes of a fix of a rider. p is f packed; both say the same. The order matters: what a fix says about itself comes
// first, then whether it is new, and only a new one is measured against the last.
func (t *track) judge(f *Fix, p *packedFix, topSpeed float64, now int64) verdict {
	s := t.filter
	switch {
	case f.Mock:
		return mock
	case !f.onEarth() || f.AccuracyM > maxAccuracy:
		return inaccurate
	case p.at > now+futureSlack.Microseconds():
		return future
	case t.grid == nil: // the first
	case p.compare(&t.packedFix) <= 0:
		return t.judgeOld(p, now)
	case !reachable(t.place, p.place, topSpeed, p.at-t.at, t.accuracy+p.accuracy):
		if !s.believe(p) {
			return impossible
		}
		s.variance = anywhere // the last position was the wrong one
	}
	if now-p.at > maxAge.Microseconds() {
		return ancient
	}
	s.suspects = 0
	if s.seqs.any && p.seq <= s.seqs.top && (s.seqs.has(p.seq) || uint64(s.seqs.top)-uint64(p.seq) >= windowSize) {
		s.seqs.restart(p.seq) // newer in time, yet an old number: the app was installed anew
	} else {
		s.seqs.add(p.seq)
	}
	return accepted
}

func (t *track) judgeOld(p *packedFix, now int64) verdict {
	s := t.filter
	switch {
	case p.compare(&t.packedFix) == 0 || s.seqs.has(p.seq):
		return duplicate
	case now-p.at > maxAge.Microseconds():
		return ancient
	}
	s.seqs.add(p.seq)
	return late
}

// reachable reports whether a rider could get from one place to another in some µs, both known so accurately. Most often a bound says yes
// that needs no trigonometry: the way along the meridian and then, as if at the equator, along the parallel.
func reachable(from, to packed, topSpeed float64, micros int64, accuracy float32) bool {
	allowed := topSpeed*float64(micros)/1e6 + float64(accuracy) + jumpSlack
	a, b := from.unpack(), to.unpack()
	if (math.Abs(b.Lat-a.Lat)+math.Abs(b.Lng-a.Lng))*metresPerDegree <= allowed {
		return true
	}
	return geo.Distance(a, b) <= allowed
}

// believe counts impossible fixes that agree with one another and reports whether there are enough.
func (s *filterState) believe(p *packedFix) bool {
	switch {
	case s.suspects > 0 && p.at <= s.suspect.at:
		return false // the same witness again, or an older one
	case s.suspects > 0 && reachable(s.suspect.place, p.place, Car.topSpeed(), p.at-s.suspect.at, s.suspect.accuracy+p.accuracy):
		s.suspects++
	default:
		s.suspects = 1
	}
	s.suspect = suspect{p.place, p.at, p.accuracy}
	return s.suspects >= suspectsToBelieve
}
