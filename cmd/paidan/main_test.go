package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/paidan/paidan/internal/clock"
	"github.com/paidan/paidan/internal/pg/pgtest"
)

// actEnv makes the test binary be paidan: what is killed, stopped and raced here is the program itself, race detector included.
const actEnv = "ACT_AS_PAIDAN"

func TestMain(m *testing.M) {
	if os.Getenv(actEnv) != "" {
		main()
		os.Exit(0)
	}
	pgtest.Main(m)
}

// patience bounds every wait for another process; nothing should come near it.
const patience = time.Minute

// command is paidan with these arguments, in an environment that tells it nothing, but for env.
func command(args []string, env ...string) *exec.Cmd {
	cmd := exec.Command(os.Args[0], args...)
	for _, kv := range os.Environ() {
		if !strings.HasPrefix(kv, "PAIDAN_") && !strings.HasPrefix(kv, "PG") {
			cmd.Env = append(cmd.Env, kv)
		}
	}
	cmd.Env = append(cmd.Env, actEnv+"=1")
	cmd.Env = append(cmd.Env, env...)
	cmd.SysProcAttr = ownGroup()
	return cmd
}

// outcome is what a finished command said.
type outcome struct {
	status         int
	stdout, stderr string
}

// run waits for a command to end.
func run(t *testing.T, args ...string) outcome {
	t.Helper()
	return runWith(t, nil, args...)
}

func runWith(t *testing.T, env []string, args ...string) outcome {
	t.Helper()
	cmd := command(args, env...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer context.AfterFunc(t.Context(), func() { _ = cmd.Process.Kill() })()
	err := cmd.Wait()
	if exit := (*exec.ExitError)(nil); err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	raceFree(t, stderr.String())
	return outcome{cmd.ProcessState.ExitCode(), stdout.String(), stderr.String()}
}

func raceFree(t *testing.T, stderr string) {
	t.Helper()
	if _, race, found := strings.Cut(stderr, "WARNING: DATA RACE"); found {
		t.Errorf("data race:%.4000s", race)
	}
}

// node is a running `paidan serve`.
type node struct {
	t    *testing.T
	url  string
	cmd  *exec.Cmd
	log  string // file
	done chan struct{}
}

// serve starts a node on a port of its own. It is killed at the end of the test, when nobody stopped it before.
func serve(t *testing.T, args ...string) *node {
	t.Helper()
	addr, err := freeAddress(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return serveAt(t, addr, args...)
}

func serveAt(t *testing.T, addr string, args ...string) *node {
	t.Helper()
	log, err := os.CreateTemp(t.TempDir(), "log-")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = log.Close() }()
	n := &node{t: t, url: "http://" + addr, cmd: command(append([]string{"serve", "--listen", addr}, args...)), log: log.Name(), done: make(chan struct{})}
	n.cmd.Stderr = log
	if err := n.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		_ = n.cmd.Wait() // its status is in ProcessState
		close(n.done)
	}()
	t.Cleanup(func() {
		n.kill()
		raceFree(t, n.said())
		if t.Failed() {
			said := n.said()
			t.Logf("process %d ended with %v; its log ends:\n%s", n.pid(), n.cmd.ProcessState, said[max(0, len(said)-6000):])
		}
	})
	return n
}

func (n *node) pid() int { return n.cmd.Process.Pid }

// said is the log so far.
func (n *node) said() string {
	text, err := os.ReadFile(n.log)
	if err != nil {
		n.t.Error(err)
	}
	return string(text)
}

func (n *node) logged(text string) bool { return strings.Contains(n.said(), text) }

func (n *node) signal(s os.Signal) {
	n.t.Helper()
	if err := n.cmd.Process.Signal(s); err != nil {
		n.t.Fatal(err)
	}
}

// kill is kill -9: the process gets no chance to tidy up.
func (n *node) kill() {
	_ = n.cmd.Process.Kill() // it may have ended
	<-n.done
}

// waitReady waits until the node answers that all it needs is there.
func (n *node) waitReady() *node {
	n.t.Helper()
	ctx, cancel := context.WithCancelCause(n.t.Context())
	defer cancel(nil)
	go func() {
		select {
		case <-n.done:
			cancel(errors.New("it ended"))
		case <-ctx.Done():
		}
	}()
	if err := waitReady(ctx, n.url, patience); err != nil {
		n.t.Fatalf("%v (%v)", err, context.Cause(ctx))
	}
	return n
}

// waitEnd waits for the process to end by itself and returns its exit status.
func (n *node) waitEnd(limit time.Duration) int {
	n.t.Helper()
	ctx, cancel := context.WithTimeout(n.t.Context(), limit)
	defer cancel()
	select {
	case <-n.done:
		return n.cmd.ProcessState.ExitCode()
	case <-ctx.Done():
		n.t.Fatalf("process %d has not ended within %v", n.pid(), limit)
		return -1
	}
}

// stop is SIGTERM, which must end the node within its time and with status 0.
func (n *node) stop() {
	n.t.Helper()
	n.signal(syscall.SIGTERM)
	if status := n.waitEnd(graceful); status != 0 {
		n.t.Errorf("SIGTERM: exit status %d", status)
	}
}

// graceful is what serve promises: ten seconds.
const graceful = 10 * time.Second

// until asks again and again until the answer is yes.
func until(t *testing.T, what string, limit time.Duration, yes func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), limit)
	defer cancel()
	for !yes() {
		if clock.Sleep(ctx, clock.System{}, 20*time.Millisecond) != nil {
			t.Fatalf("not within %v: %s", limit, what)
		}
	}
}

// dataDir is a folder that the database's user can enter; t.TempDir's is closed to all but us.
func dataDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "paidan-cmd-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		until(t, "the private PostgreSQL ends with the process that ran it", patience, func() bool {
			_, err := os.Stat(filepath.Join(dir, "pg", "postmaster.pid"))
			return os.IsNotExist(err)
		})
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}
