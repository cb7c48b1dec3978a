package rider

import (
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
	verdicts // their number
)

func (v verdict) String() string {
	return [...]string{"accepted", "duplicate", "late", "ancient", "future", "impossible", "inaccurate"}[v]
}

func (v verdict) stored() bool { return v == accepted || v == late }

func (c *Counts) add(v verdict) {
	switch v {
	case accepted:
		c.Accepted++
	case duplicate:
		c.Duplicate++
	case late, ancient:
		c.Late++
	case future:
		c.Future++
	case impossible:
		c.Impossible++
	default:
		c.Inaccurate++
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

// filterState is what the filter remembers of a rider.
type filterState struct {
	seqs     seqWindow
	suspects int
	suspect  Fix // the latest impossible one
	used     int64
}

// judge tells what becomes of a fix, given the rider's last position (nil: none). The order matters: what a fix says about itself comes
// first, then whether it is new, and only a new one is measured against the last.
func (s *filterState) judge(last *Fix, f Fix, v Vehicle, now time.Time) verdict {
	switch {
	case !f.onEarth() || f.AccuracyM > maxAccuracy:
		return inaccurate
	case f.At.After(now.Add(futureSlack)):
		return future
	case last != nil && f.compare(*last) <= 0:
		return s.judgeOld(last, f, now)
	case last != nil && !reachable(*last, f, v.topSpeed()) && !s.believe(f):
		return impossible
	case now.Sub(f.At) > maxAge:
		return ancient
	}
	s.suspects = 0
	if s.seqs.any && f.Seq <= s.seqs.top && (s.seqs.has(f.Seq) || uint64(s.seqs.top)-uint64(f.Seq) >= windowSize) {
		s.seqs.restart(f.Seq) // newer in time, yet an old number: the app was installed anew
	} else {
		s.seqs.add(f.Seq)
	}
	return accepted
}

func (s *filterState) judgeOld(last *Fix, f Fix, now time.Time) verdict {
	switch {
	case f.compare(*last) == 0 || s.seqs.has(f.Seq):
		return duplicate
	case now.Sub(f.At) > maxAge:
		return ancient
	}
	s.seqs.add(f.Seq)
	return late
}

// reachable reports whether a rider could be at f after having been at last.
func reachable(last, f Fix, topSpeed float64) bool {
	allowed := topSpeed*f.At.Sub(last.At).Seconds() + last.AccuracyM + f.AccuracyM + jumpSlack
	return geo.Distance(last.LatLng, f.LatLng) <= allowed
}

// believe counts impossible fixes that agree with one another and reports whether there are enough.
func (s *filterState) believe(f Fix) bool {
	switch {
	case s.suspects > 0 && f.compare(s.suspect) <= 0:
		return false // the same witness again, or an older one
	case s.suspects > 0 && reachable(s.suspect, f, Car.topSpeed()):
		s.suspects++
	default:
		s.suspects = 1
	}
	s.suspect = f
	return s.suspects >= suspectsToBelieve
}
