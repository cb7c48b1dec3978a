//go:build !unix

package main

import (
	"errors"
	"time"
)

func selfCPU() (time.Duration, error) {
	return 0, errors.New("the CPU time of a process is not known on this system")
}
