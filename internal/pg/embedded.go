package pg

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"syscall"

	"github.com/jackc/pgx/v5"
)

// EmbeddedOptions says where the private server keeps its data.
type EmbeddedOptions struct {
	// DataDir holds everything: the cluster (pg/), the socket (run/), the server's log (postgres.log) and the lock.
	DataDir string
	Log     *slog.Logger // nil means slog.Default
	// NoFsync trades the data's safety in a power cut for speed: for tests and throw-away demos only.
	NoFsync bool
	// Settings are passed to the server over our own, by name.
	Settings map[string]string
}

// Server is a private PostgreSQL that listens on a socket of its own and lives no longer than this process.
type Server struct {
	dir    string
	socket string
	lock   *os.File
	proc   *process
}

const (
	embeddedUser = "paidan"
	embeddedDB   = "paidan"
)

// StartEmbedded starts the private server of a data folder, creating its cluster at the first start, and waits until it
// answers. What a crash of either side left behind is cleared. Whoever calls it must call Stop.
func StartEmbedded(ctx context.Context, o EmbeddedOptions) (*Server, error) {
	if o.Log == nil {
		o.Log = slog.Default()
	}
	o.Log = o.Log.With("component", "postgres")
	dir, err := filepath.Abs(o.DataDir)
	if err != nil {
		return nil, fmt.Errorf("data folder: %w", err)
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("data folder: %w", err)
	}
	lock, err := lockDir(dir)
	if err != nil {
		return nil, err
	}
	s := &Server{dir: dir, lock: lock}
	if err := s.start(ctx, o); err != nil {
		return nil, errors.Join(err, s.cleanUp())
	}
	return s, nil
}

func (s *Server) start(ctx context.Context, o EmbeddedOptions) error {
	pgdata := filepath.Join(s.dir, "pg")
	acc, err := accountFor(pgdata)
	if err != nil {
		return err
	}
	have, err := clusterMajor(pgdata)
	if err != nil {
		return err
	}
	inst, err := findInstallation(ctx, binFolders(), have)
	if err != nil {
		return err
	}
	if err := acc.canReach(ctx, inst.bin, s.dir); err != nil {
		return err
	}
	if have == 0 {
		o.Log.InfoContext(ctx, "creating the database", "folder", pgdata, "version", inst.major, "user", acc.name)
		if err := initCluster(ctx, inst, acc, pgdata, o.NoFsync); err != nil {
			return err
		}
	}
	if err := endStale(ctx, pgdata, o.Log); err != nil {
		return err
	}
	if s.socket, err = socketDir(s.dir, acc); err != nil {
		return err
	}
	logfile, err := openLog(filepath.Join(s.dir, "postgres.log"))
	if err != nil {
		return err
	}
	s.proc, err = spawn(filepath.Join(inst.bin, "postgres"), serverArgs(pgdata, s.socket, o), pgdata, acc, logfile)
	if err != nil {
		return errors.Join(fmt.Errorf("start PostgreSQL: %w", err), logfile.Close())
	}
	if err := s.proc.waitReady(ctx, s.url("postgres"), o.Log); err != nil {
		return errors.Join(err, s.proc.stop(ctx))
	}
	if err := s.createDB(ctx); err != nil {
		return errors.Join(err, s.proc.stop(ctx))
	}
	o.Log.InfoContext(ctx, "ready", "version", inst.major, "socket", s.socket)
	return nil
}

func (s *Server) createDB(ctx context.Context) error {
	c, err := pgx.Connect(ctx, s.url("postgres"))
	if err != nil {
		return fmt.Errorf("reach the private PostgreSQL: %w", err)
	}
	defer func() { _ = c.Close(context.WithoutCancel(ctx)) }()
	var there bool
	if err := c.QueryRow(ctx, "select exists (select from pg_database where datname = $1)", embeddedDB).Scan(&there); err != nil {
		return fmt.Errorf("look for the database: %w", err)
	}
	if there {
		return nil
	}
	if _, err := c.Exec(ctx, "create database "+embeddedDB); err != nil {
		return fmt.Errorf("create the database: %w", err)
	}
	return nil
}

// URL connects to the server's database as the owner of its schema.
func (s *Server) URL() string { return s.url(embeddedDB) }

// Done is closed when the server has ended, by Stop or by itself.
func (s *Server) Done() <-chan struct{} { return s.proc.done }

// Stop ends the sessions, shuts the server down cleanly and waits for it. When ctx ends first it stops the server at once (it will
// recover at the next start) and says so.
func (s *Server) Stop(ctx context.Context) error {
	return errors.Join(s.proc.stop(ctx), s.cleanUp())
}

// cleanUp leaves the folder to the next process.
func (s *Server) cleanUp() error {
	var err error
	if s.socket != "" && filepath.Dir(s.socket) != s.dir {
		err = os.RemoveAll(s.socket)
	}
	return errors.Join(err, s.lock.Close())
}

// lockDir makes sure that one process at a time uses the folder. The kernel frees the lock when the process ends, however it ends.
func lockDir(dir string) (*os.File, error) {
	f, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock the data folder: %w", err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		var who int
		_, _ = fmt.Fscan(f, &who) // the pid only serves the message
		_ = f.Close()
		if errors.Is(err, syscall.EWOULDBLOCK) {
			return nil, fmt.Errorf("another paidan (process %d) is using the data folder %s: stop it, or choose another --data-dir", who, dir)
		}
		return nil, fmt.Errorf("lock the data folder: %w", err)
	}
	if err := errors.Join(f.Truncate(0), writeAt(f, fmt.Sprintln(os.Getpid()))); err != nil {
		_ = f.Close()
		return nil, fmt.Errorf("lock the data folder: %w", err)
	}
	return f, nil
}

func writeAt(f *os.File, text string) error {
	_, err := f.WriteAt([]byte(text), 0)
	return err
}
