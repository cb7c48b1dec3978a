package clock

import "time"

// Stopwatch measures how long work takes on the wall, for metrics and logs, whatever time it is for the domain.
type Stopwatch struct{ start time.Time }

// StartStopwatch begins measuring.
func StartStopwatch() Stopwatch { return Stopwatch{time.Now()} }

// Elapsed is the time since the start.
func (s Stopwatch) Elapsed() time.Duration { return time.Since(s.start) }
