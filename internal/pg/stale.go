package pg

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/paidan/paidan/internal/clock"
)

// staleTimeout is how long an old server may take to write its last checkpoint.
const staleTimeout = 30 * time.Second

// endStale deals with postmaster.pid, which a killed process leaves: a server that still runs in this cluster is shut down
// and waited for; a pid that has become another program's is forgotten. A dead pid is left to PostgreSQL, which checks its shared memory.
func endStale(ctx context.Context, pgdata string, log *slog.Logger) error {
	file := filepath.Join(pgdata, "postmaster.pid")
	pid, err := readPID(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		log.WarnContext(ctx, "removing an unreadable postmaster.pid", "error", err)
		return os.Remove(file)
	}
	if !alive(pid) {
		return nil
	}
	if !runsIn(ctx, pid, pgdata) {
		log.WarnContext(ctx, "removing a stale postmaster.pid: its process is another program now", "pid", pid)
		return os.Remove(file)
	}
	log.WarnContext(ctx, "shutting down the server that an earlier process left running", "pid", pid)
	if err := syscall.Kill(pid, syscall.SIGINT); err != nil && !errors.Is(err, syscall.ESRCH) {
		return fmt.Errorf("shut down the old server (process %d): %w", pid, err)
	}
	ctx, cancel := context.WithTimeout(ctx, staleTimeout)
	defer cancel()
	for alive(pid) && runsIn(ctx, pid, pgdata) {
		if err := clock.Sleep(ctx, clock.System{}, 20*time.Millisecond); err != nil {
			return fmt.Errorf("an old server (process %d) still runs in %s: %w", pid, pgdata, err)
		}
	}
	return nil
}

func readPID(file string) (int, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return 0, err
	}
	first, _, _ := strings.Cut(string(text), "\n")
	pid, err := strconv.Atoi(strings.TrimSpace(first))
	if err != nil || pid <= 1 {
		return 0, fmt.Errorf("%q is not a process number", first)
	}
	return pid, nil
}

func alive(pid int) bool {
	err := syscall.Kill(pid, 0)
	return err == nil || errors.Is(err, syscall.EPERM)
}

// runsIn tells a server of this cluster from a program that got the same pid later: a postmaster works in its data folder.
func runsIn(ctx context.Context, pid int, pgdata string) bool {
	if runtime.GOOS == "linux" {
		cwd, err := os.Stat(fmt.Sprintf("/proc/%d/cwd", pid))
		if err != nil {
			return false // gone, a zombie, or another user's: not ours
		}
		own, err := os.Stat(pgdata)
		return err == nil && os.SameFile(cwd, own)
	}
	out, err := exec.CommandContext(ctx, "ps", "-o", "command=", "-p", strconv.Itoa(pid)).Output()
	return err == nil && strings.Contains(string(out), pgdata)
}
