package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/paidan/paidan/client"
	"github.com/paidan/paidan/internal/pg"
)

// private opens the database that a running node keeps in a folder.
func private(t *testing.T, dir string, fn func(*pg.DB)) {
	t.Helper()
	err := storage{DataDir: dir}.with(t.Context(), func(db *pg.DB) error { fn(db); return nil })
	if err != nil {
		t.Fatal(err)
	}
}

// Orders are being placed and phones listen when SIGTERM comes: what was acknowledged is there after the restart.
func TestSIGTERMLosesNothing(t *testing.T) {
	t.Parallel()
	dir := dataDir(t)
	n := serve(t, "--data-dir", dir).waitReady()
	var w *town
	private(t, dir, func(db *pg.DB) { w = found(t, db, "town") })
	people := w.through(n.url)
	ctx, enough := context.WithCancel(t.Context())
	defer enough()
	var wg sync.WaitGroup
	defer wg.Wait()
	defer enough()
	listening := make(chan struct{}, 100)
	for i := range 3 {
		phone := people.hire(fmt.Sprintf("+3905510020%d", i))
		wg.Go(func() {
			_ = phone.Stream(ctx, func(client.Work) { // ends with ctx
				select {
				case listening <- struct{}{}:
				default:
				}
			})
		})
	}
	for range 3 {
		<-listening
	}
	var mu sync.Mutex
	known := map[string]bool{} // placed and acknowledged
	for hand := range 4 {
		wg.Go(func() {
			for i := 0; ctx.Err() == nil; i++ {
				name := fmt.Sprintf("o-%d-%d", hand, i)
				if o, err := people.place(ctx, name); err == nil {
					mu.Lock()
					known[o.ExternalID] = true
					mu.Unlock()
				}
			}
		})
	}
	count := func() int { mu.Lock(); defer mu.Unlock(); return len(known) }
	until(t, "orders come in", patience, func() bool { return count() >= 50 })

	n.stop()
	enough()
	wg.Wait()
	for _, trouble := range []string{`"level":"ERROR"`, "panic", "did not end in time", "cut off", "without a clean shutdown"} {
		if n.logged(trouble) {
			t.Errorf("the log of the stop has %q", trouble)
		}
	}

	again := serveAt(t, strings.TrimPrefix(n.url, "http://"), "--data-dir", dir).waitReady()
	if again.logged("creating the database") {
		t.Error("the second start did not use the data of the first")
	}
	seen := map[string]int{}
	for o, err := range w.through(again.url).shop.Orders(t.Context(), client.OrderFilter{}) {
		if err != nil {
			t.Fatal(err)
		}
		seen[o.ExternalID]++
	}
	for name := range known {
		if seen[name] != 1 {
			t.Errorf("order %s was acknowledged; it is there %d times", name, seen[name])
		}
	}
	private(t, dir, func(db *pg.DB) { balanced(t, db, w.tenant) })

	// One more on the same folder, and one on the same port.
	other := run(t, "serve", "--listen", "127.0.0.1:0", "--data-dir", dir)
	other.fails(t, fmt.Sprintf("another paidan (process %d) is using the data folder %s", again.pid(), dir))
	other = run(t, "serve", "--listen", strings.TrimPrefix(again.url, "http://"), "--data-dir", filepath.Join(dir, "other"))
	other.fails(t, "--listen: ", "address already in use")
	if _, err := os.Stat(filepath.Join(dir, "other")); !errors.Is(err, os.ErrNotExist) {
		t.Error("a database was made for a server that could not listen")
	}

	// PostgreSQL dies (the kernel was short of memory, say): whoever watches the process must learn of it.
	text, err := os.ReadFile(filepath.Join(dir, "pg", "postmaster.pid"))
	if err != nil {
		t.Fatal(err)
	}
	line, _, _ := strings.Cut(string(text), "\n")
	postmaster, err := strconv.Atoi(line)
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(postmaster, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	if status := again.waitEnd(patience); status != 1 || !again.logged("the private PostgreSQL has ended") {
		t.Errorf("without PostgreSQL: exit status %d", status)
	}
	serve(t, "--data-dir", dir).waitReady().stop() // and the next start clears up
}

// fails checks that a command ended with status 1 and said why.
func (o outcome) fails(t *testing.T, because ...string) {
	t.Helper()
	if o.status != 1 {
		t.Errorf("exit status %d, not 1", o.status)
	}
	_, why, _ := strings.Cut(o.stderr, "paidan: ")
	for _, b := range because {
		if !strings.Contains(why, b) {
			t.Errorf("the error does not say %q: %s", b, o.stderr)
		}
	}
}
