package pg_test

import (
	"bufio"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/pg"
)

// openDir is a temporary folder that the server's user can reach; t.TempDir's is closed to all but us.
func openDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "paidan-pg-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

func startIn(t *testing.T, dir string) (*pg.Server, error) {
	t.Helper()
	return pg.StartEmbedded(t.Context(), pg.EmbeddedOptions{
		DataDir: dir, NoFsync: true, Log: slog.New(slog.DiscardHandler), Settings: map[string]string{"shared_buffers": "16MB"},
	})
}

func mustStart(t *testing.T, dir string) *pg.Server {
	t.Helper()
	s, err := startIn(t, dir)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func mustStop(t *testing.T, s *pg.Server) {
	t.Helper()
	if err := s.Stop(t.Context()); err != nil {
		t.Fatal(err)
	}
	<-s.Done()
}

// ask runs one query on the server's own database.
func ask(t *testing.T, url, sql string) (answer string) {
	t.Helper()
	c, err := pgx.Connect(t.Context(), url)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = c.Close(t.Context()) }()
	if err := c.QueryRow(t.Context(), sql).Scan(&answer); err != nil {
		t.Fatal(err)
	}
	return answer
}

func refuses(t *testing.T, dir, because string) {
	t.Helper()
	s, err := startIn(t, dir)
	if err == nil {
		mustStop(t, s)
		t.Fatalf("started, although: %s", because)
	}
	if !strings.Contains(err.Error(), because) {
		t.Errorf("the error does not say %q: %v", because, err)
	}
}

func TestEmbeddedKeepsItsData(t *testing.T) {
	t.Parallel()
	dir := openDir(t)
	if err := os.MkdirAll(filepath.Join(dir, "pg.new", "half"), 0o700); err != nil { // an initdb that was cut off
		t.Fatal(err)
	}
	s := mustStart(t, dir)
	owner(t, s.URL(), "create table kept as select 'yes' as answer")
	if got := ask(t, s.URL(), "select current_setting('server_encoding') || current_setting('listen_addresses')"); got != "UTF8" {
		t.Error(got)
	}
	refuses(t, dir, fmt.Sprintf("another paidan (process %d)", os.Getpid()))
	if url := pg.RunningURL(t.Context(), dir); url != s.URL() {
		t.Errorf("it runs at %q, not at %q", s.URL(), url)
	}
	mustStop(t, s)
	if url := pg.RunningURL(t.Context(), dir); url != "" {
		t.Errorf("nothing runs at %q", url)
	}

	// The pid file of a crash, whose pid is now another program's: this test's.
	pid := fmt.Sprintf("%d\n%s\n", os.Getpid(), filepath.Join(dir, "pg"))
	if err := os.WriteFile(filepath.Join(dir, "pg", "postmaster.pid"), []byte(pid), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "run", ".s.PGSQL.5432.lock"), []byte(pid), 0o644); err != nil {
		t.Fatal(err)
	}
	s = mustStart(t, dir)
	defer mustStop(t, s)
	if got := ask(t, s.URL(), "select answer from kept"); got != "yes" {
		t.Error(got)
	}
}

func TestEmbeddedRefusesWhatItCannotUse(t *testing.T) {
	t.Parallel()
	dir := openDir(t)
	if err := os.Mkdir(filepath.Join(dir, "pg"), 0o700); err != nil {
		t.Fatal(err)
	}
	refuses(t, dir, "holds no PostgreSQL data")
	if err := os.WriteFile(filepath.Join(dir, "pg", "PG_VERSION"), []byte("9\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	refuses(t, dir, "written by PostgreSQL 9")
	if os.Geteuid() != 0 {
		return
	}
	closed := filepath.Join(dir, "closed")
	if err := os.Mkdir(closed, 0o700); err != nil {
		t.Fatal(err)
	}
	refuses(t, filepath.Join(closed, "data"), "can't reach")
}

func TestEmbeddedInADeepFolder(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(openDir(t), strings.Repeat("deep/", 20))
	s := mustStart(t, dir)
	if got := ask(t, s.URL(), "select 'here'"); got != "here" {
		t.Error(got)
	}
	socket := ask(t, s.URL(), "select current_setting('unix_socket_directories')")
	mustStop(t, s)
	if _, err := os.Stat(socket); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("%s stays behind: %v", socket, err)
	}
}

// A killed process takes its server along, and the next one finds everything that was committed.
func TestEmbeddedEndsWithItsParent(t *testing.T) {
	t.Parallel()
	dir := openDir(t)
	child := exec.Command(os.Args[0], "-test.run=^TestHelperServer$")
	child.Env = append(os.Environ(), "PAIDAN_TEST_HELPER_DIR="+dir)
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	if !lines.Scan() {
		t.Fatal("the helper said nothing")
	}
	url := lines.Text()
	owner(t, url, "create table kept as select 'yes' as answer")
	if err := child.Process.Signal(syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	_ = child.Wait() // it was killed
	if runtime.GOOS == "linux" {
		pidFile := filepath.Join(dir, "pg", "postmaster.pid")
		for _, err := os.Stat(pidFile); err == nil && t.Context().Err() == nil; _, err = os.Stat(pidFile) {
			runtime.Gosched() // the kernel told the server; it goes by itself
		}
	}
	s := mustStart(t, dir)
	defer mustStop(t, s)
	if got := ask(t, s.URL(), "select answer from kept"); got != "yes" {
		t.Error(got)
	}
}

// TestHelperServer is the process that gets killed.
func TestHelperServer(t *testing.T) {
	dir := os.Getenv("PAIDAN_TEST_HELPER_DIR")
	if dir == "" {
		t.Skip("only as a child of TestEmbeddedEndsWithItsParent")
	}
	fmt.Println(mustStart(t, dir).URL())
	select {}
}
