//go:build !linux

package bench

import "time"

func resetPeakRSS() bool { return false }

func peakRSS() int64 { return 0 }

func cpuTime() time.Duration { return -1 }
