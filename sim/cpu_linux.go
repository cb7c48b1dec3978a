package sim

import (
	"runtime"
	"syscall"
)

// cpu counts the computing time of one goroutine, which keeps its thread meanwhile.
type cpu struct{ began float64 }

const rusageThread = 1 // getrusage(2)

func startCPU() cpu {
	runtime.LockOSThread()
	return cpu{threadSeconds()}
}

func (c cpu) seconds() float64 { return threadSeconds() - c.began }

func (c cpu) stop() { runtime.UnlockOSThread() }

func threadSeconds() float64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(rusageThread, &u); err != nil {
		return 0
	}
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
}
