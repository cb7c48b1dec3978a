//go:build unix

package main

import (
	"fmt"
	"syscall"
)

// openFiles is how many files and connections a process of this one's user may have open. Go raises the soft limit to it by itself.
func openFiles() (int, error) {
	var l syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &l); err != nil {
		return 0, fmt.Errorf("limit of open files: %w", err)
	}
	return int(min(l.Max, 1<<30)), nil
}
