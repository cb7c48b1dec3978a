//go:build !linux

package pg

import "syscall"

// withParent has no such promise to ask for here; the next start shuts the old server down (endStale).
func withParent(a *syscall.SysProcAttr) *syscall.SysProcAttr { return a }
