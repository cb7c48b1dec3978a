package pgtest

import (
	"os"
	"path/filepath"
	"syscall"
)

// abandoned reports whether a folder has a lock (so its binary got that far) that nobody holds any more, and no server either.
func abandoned(dir string) bool {
	f, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_RDWR, 0)
	if err != nil {
		return false
	}
	defer func() { _ = f.Close() }()
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		return false
	}
	_, err = os.Stat(filepath.Join(dir, "pg", "postmaster.pid"))
	return os.IsNotExist(err)
}
