package florence

import (
	"hash/fnv"
	"math"
	"math/rand/v2"
	"time"
)

// Dice are the random numbers of one person or thing: the same seed and name throw the same numbers,
// whatever the others do.
type Dice struct{ *rand.Rand }

// NewDice are the dice of a name.
func NewDice(seed uint64, name string) Dice {
	h := fnv.New64a()
	_, _ = h.Write([]byte(name)) // a hash cannot fail
	return Dice{rand.New(rand.NewPCG(seed, h.Sum64()))}
}

// Chance is true with probability p.
func (d Dice) Chance(p float64) bool { return d.Float64() < p }

// Around is a factor whose median is 1: lognormal, as things are that people do.
func (d Dice) Around(sigma float64) float64 { return math.Exp(d.NormFloat64() * sigma) }

// Duration is lognormal around a median, within bounds.
func (d Dice) Duration(median time.Duration, sigma float64, least, most time.Duration) time.Duration {
	return min(most, max(least, time.Duration(float64(median)*d.Around(sigma))))
}
