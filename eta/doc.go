// Package eta is how long things take: riding from place to place, cooking, handing over.
//
// Everybody asks the same Model, so that the time that a customer is told, the time that the console shows and the time that
// dispatch plans with agree. It is pure: data in, data out, no clock and no storage.
//
// Every duration has a median (P50) and a pessimistic value (P90: nine times of ten it takes no longer). Estimate walks a rider's
// remaining stops. The medians simply follow one another, exactly as the solver's schedule does. For the pessimistic
// times, legs are taken to vary independently: then variances add up, and so do the squares of the distances from
// P50 to P90, which for bell-shaped durations are 1.28 standard deviations each. A chain's P90 is therefore its P50 plus the root of the
// sum of squares, well below the sum of the P90s: not everything goes wrong at once.
//
// Waiting for food absorbs: a rider leaves the store after the later of two times, his arrival and the food's. Quantiles pass
// through a maximum with a fixed time unchanged, so a rider who surely comes before the food adds nothing to its uncertainty,
// and a late one none of the kitchen's.
package eta
