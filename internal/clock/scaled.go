package clock

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Scaled runs Speed times faster than the wall: at the wall's Epoch it showed Start.
// A process restarted with the same three values goes on where the day is now.
type Scaled struct {
	Epoch time.Time
	Start time.Time
	Speed float64
}

// Now is the accelerated time.
func (s Scaled) Now() time.Time {
	return s.Start.Add(time.Duration(float64(time.Since(s.Epoch)) * s.Speed)).UTC().Truncate(time.Microsecond)
}

// After waits d of accelerated time.
func (s Scaled) After(d time.Duration) (<-chan time.Time, func()) { return after(s.Real(d)) }

// Real is d divided by the speed.
func (s Scaled) Real(d time.Duration) time.Duration {
	return time.Duration(float64(d) / s.Speed)
}

// String is the form that Parse reads: "EPOCH/START/SPEED".
func (s Scaled) String() string {
	return fmt.Sprintf("%s/%s/%g", s.Epoch.UTC().Format(time.RFC3339Nano), s.Start.UTC().Format(time.RFC3339Nano), s.Speed)
}

// Parse reads "" as the wall clock and "EPOCH/START/SPEED" (two RFC 3339 times and a factor) as a Scaled one.
func Parse(text string) (Clock, error) {
	if text == "" {
		return System{}, nil
	}
	parts := strings.Split(text, "/")
	if len(parts) != 3 {
		return nil, fmt.Errorf("clock %q: want EPOCH/START/SPEED", text)
	}
	epoch, err := time.Parse(time.RFC3339Nano, parts[0])
	if err != nil {
		return nil, fmt.Errorf("clock epoch: %w", err)
	}
	start, err := time.Parse(time.RFC3339Nano, parts[1])
	if err != nil {
		return nil, fmt.Errorf("clock start: %w", err)
	}
	speed, err := strconv.ParseFloat(parts[2], 64)
	if err != nil || !(speed > 0 && speed <= 3600) {
		return nil, fmt.Errorf("clock speed %q: want a number above 0, at most 3600", parts[2])
	}
	return Scaled{Epoch: epoch, Start: start, Speed: speed}, nil
}
