//go:build !linux

package sim

import "github.com/paidan/paidan/internal/clock"

// cpu counts the time of one goroutine: elsewhere that of the wall.
type cpu struct{ watch clock.Stopwatch }

func startCPU() cpu { return cpu{clock.StartStopwatch()} }

func (c cpu) seconds() float64 { return c.watch.Elapsed().Seconds() }

func (c cpu) stop() {}
