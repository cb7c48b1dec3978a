package pg

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os/exec"
	"runtime"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/clock"
)

// slowStart is when a start-up is worth a word: the server is replaying its log after a crash.
const slowStart = 5 * time.Second

// process is a running server. One goroutine owns it, from its start until it has ended.
type process struct {
	cmd  *exec.Cmd
	log  *logFile
	done chan struct{} // closed when it has ended
	err  error         // how; read after done
}

// spawn starts the server and takes the log over. The kernel interrupts the server when the thread that started it ends, so its goroutine
// keeps that thread to itself: the server can't outlive us, even when we are killed.
func spawn(bin string, args []string, dir string, acc account, log *logFile) (*process, error) {
	cmd := exec.Command(bin, args...) //nolint:noctx // stop ends it, cleanly
	cmd.Dir = dir
	cmd.Env = serverEnv()
	cmd.Stderr = log
	cmd.SysProcAttr = withParent(&syscall.SysProcAttr{
		Credential: acc.credential(),
		Setpgid:    true, // Ctrl-C is for us; we shut it down after its last client
	})
	cmd.WaitDelay = 10 * time.Second // a straggler must not hold the log's pipe for ever
	p := &process{cmd: cmd, log: log, done: make(chan struct{})}
	started := make(chan error)
	go func() {
		runtime.LockOSThread() // never unlocked: the thread ends with the goroutine, after the server
		err := cmd.Start()
		started <- err
		if err != nil {
			return
		}
		p.err = errors.Join(cmd.Wait(), log.Close())
		close(p.done)
	}()
	if err := <-started; err != nil {
		return nil, err
	}
	return p, nil
}

func (p *process) waitReady(ctx context.Context, url string, log *slog.Logger) error {
	slow, stopSlow := clock.System{}.After(slowStart)
	defer stopSlow()
	for {
		c, err := pgx.Connect(ctx, url)
		if err == nil {
			return c.Close(ctx)
		}
		next, stopNext := clock.System{}.After(20 * time.Millisecond)
		select {
		case <-p.done:
			stopNext()
			return fmt.Errorf("PostgreSQL ended while starting: %w: %s", p.err, p.log.Tail())
		case <-ctx.Done():
			stopNext()
			return fmt.Errorf("wait for PostgreSQL: %w; its log ends: %s", ctx.Err(), p.log.Tail())
		case <-slow:
			log.InfoContext(ctx, "still starting; after a crash this can take minutes")
			slow = nil
		case <-next:
		}
		stopNext()
	}
}

// stop is PostgreSQL's fast shutdown, and its immediate one when ctx ends first.
func (p *process) stop(ctx context.Context) error {
	p.signal(syscall.SIGINT)
	select {
	case <-p.done:
		return p.ended()
	case <-ctx.Done():
	}
	p.signal(syscall.SIGQUIT)
	<-p.done // PostgreSQL itself kills what does not answer SIGQUIT within 5 s
	return fmt.Errorf("PostgreSQL was stopped without a clean shutdown: %w", ctx.Err())
}

func (p *process) ended() error {
	if p.err != nil {
		return fmt.Errorf("PostgreSQL: %w: %s", p.err, p.log.Tail())
	}
	return nil
}

func (p *process) signal(s syscall.Signal) { _ = p.cmd.Process.Signal(s) } // it may have ended already
