package main

import "syscall"

// ownGroup keeps a child out of the terminal's signals, and ends it should this process be killed.
func ownGroup() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGTERM}
}
