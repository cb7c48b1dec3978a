package people

import (
	"hash/fnv"
	"math"
	"math/rand/v2"
	"time"
)

// dice are the random numbers of one person or thing: the same seed and name throw the same numbers,
// whatever the others do.
type dice struct{ *rand.Rand }

func newDice(seed uint64, name string) dice {
	h := fnv.New64a()
	_, _ = h.Write([]byte(name)) // a hash cannot fail
	return dice{rand.New(rand.NewPCG(seed, h.Sum64()))}
}

// chance is true with probability p.
func (d dice) chance(p float64) bool { return d.Float64() < p }

// around is a factor whose median is 1: lognormal, as things are that people do.
func (d dice) around(sigma float64) float64 { return math.Exp(d.NormFloat64() * sigma) }

// duration is lognormal around a median, within bounds.
func (d dice) duration(median time.Duration, sigma float64, least, most time.Duration) time.Duration {
	return min(most, max(least, time.Duration(float64(median)*d.around(sigma))))
}
