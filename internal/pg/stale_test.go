package pg

import (
	"log/slog"
	"os"
	"path/filepath"
	"testing"
)

// The parent died and its server did not (no parent-death signal on this system, say).
func TestAnOrphanedServerIsShutDown(t *testing.T) {
	t.Parallel()
	dir, err := os.MkdirTemp("", "paidan-pg-")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = os.RemoveAll(dir) }()
	if err := os.Chmod(dir, 0o755); err != nil { // t.TempDir is closed to the server's user
		t.Fatal(err)
	}
	o := EmbeddedOptions{DataDir: dir, NoFsync: true, Log: slog.New(slog.DiscardHandler)}
	orphan, err := StartEmbedded(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if err := orphan.lock.Close(); err != nil { // as the kernel does for a dead process
		t.Fatal(err)
	}
	s, err := StartEmbedded(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	<-orphan.Done()
	if err := s.Stop(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestLogRotates(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "x.log")
	l, err := openLog(path)
	if err != nil {
		t.Fatal(err)
	}
	chunk := make([]byte, 1<<20)
	for range 2*logLimit/len(chunk) + 4 {
		if _, err := l.Write(chunk); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := l.Write([]byte(" last words\n")); err != nil {
		t.Fatal(err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	for _, p := range []string{path, path + ".1"} {
		if info, err := os.Stat(p); err != nil || info.Size() > logLimit+int64(len(chunk)) {
			t.Errorf("%s: %v, %v", p, info, err)
		}
	}
	if tail := l.Tail(); len(tail) > logTail || tail[len(tail)-10:] != "last words" {
		t.Errorf("the tail is %d bytes", len(tail))
	}
}
