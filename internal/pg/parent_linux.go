package pg

import "syscall"

// withParent asks the kernel to shut the server down when we end in any way.
func withParent(a *syscall.SysProcAttr) *syscall.SysProcAttr {
	a.Pdeathsig = syscall.SIGINT
	return a
}
