package rider

import (
	"bytes"
	"context"
	"io"
	"net"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/paidan/paidan/internal/bus"
	"github.com/paidan/paidan/internal/clock"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/internal/pg"
)

// breaking is a connection that is lost at a commit: before the server has it, or after it has answered.
type breaking struct {
	net.Conn
	left   *atomic.Int32 // commits to lose yet
	before bool
	lost   bool
}

func (c *breaking) Write(b []byte) (int, error) {
	if bytes.Contains(b, []byte("commit")) && c.left.Add(-1) >= 0 {
		c.lost = true
		if c.before {
			_ = c.Close()
			return 0, io.ErrClosedPipe
		}
	}
	return c.Conn.Write(b)
}

func (c *breaking) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	if c.lost && err == nil {
		_ = c.Close()
		return 0, io.ErrUnexpectedEOF
	}
	return n, err
}

// A commit whose answer is lost is neither done twice nor left undone, whichever side of it the connection broke on.
func TestALostCommitIsStoredOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for name, before := range map[string]bool{"before": true, "after": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var left atomic.Int32
			left.Store(2)
			conf := w.db.Pool.Config()
			dial := conf.ConnConfig.DialFunc
			conf.ConnConfig.DialFunc = func(ctx context.Context, network, addr string) (net.Conn, error) {
				c, err := dial(ctx, network, addr)
				return &breaking{Conn: c, left: &left, before: before}, err
			}
			pool, err := pgxpool.NewWithConfig(t.Context(), conf)
			if err != nil {
				t.Fatal(err)
			}
			db := &pg.DB{Pool: pool}
			defer db.Close()
			g := NewIngest(db, new(bus.Bus), NewIndex(), clock.System{}, quiet)
			g.limits.backOff = time.Millisecond
			who := id.NewRider()
			rows := []fixRow{rowOf(w.tenant, who, at(shanghai, 1), noon), rowOf(w.tenant, who, at(shanghai, 2), noon)}
			if lost := g.write(t.Context(), rows); len(lost) > 0 {
				t.Fatalf("%d rows lost", len(lost))
			}
			w.tx(func(tx pgx.Tx) error {
				var n int
				err := tx.QueryRow(t.Context(), "select count(*) from positions where tenant_id = $1 and rider_id = $2", w.tenant, who).Scan(&n)
				if n != len(rows) {
					t.Errorf("%d rows stored, want %d", n, len(rows))
				}
				return err
			})
			if n := count(t, g.metrics.retries); n < 1 {
				t.Error("no commit was lost")
			}
		})
	}
}

func TestATransactionNobodyKnowsIsNotStored(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	d := &doubtError{xid: "1000000000000"}
	if stored, err := d.settle(t.Context(), w.db, w.tenant); stored || err != nil {
		t.Errorf("%v, %v", stored, err)
	}
	done, doubt := make(chan struct{}), make(chan string)
	go func() {
		defer close(done)
		w.tx(func(tx pgx.Tx) error {
			var xid string
			err := tx.QueryRow(t.Context(), "select pg_current_xact_id()::text").Scan(&xid)
			doubt <- xid
			<-doubt
			return err
		})
	}()
	d.xid = <-doubt
	if _, err := d.settle(t.Context(), w.db, w.tenant); err != errUndecided { //nolint:errorlint // it is not wrapped
		t.Errorf("while it runs: %v", err)
	}
	doubt <- ""
	<-done
	if stored, err := d.settle(t.Context(), w.db, w.tenant); !stored || err != nil {
		t.Errorf("once it has committed: %v, %v", stored, err)
	}
}
