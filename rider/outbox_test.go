package rider

import (
	"errors"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/paidan/paidan/internal/bus"
	"github.com/paidan/paidan/internal/clock"
	"github.com/paidan/paidan/internal/id"
)

// follower is another node's index, on a bus that is a function.
type follower struct {
	ix       *Index
	messages atomic.Int64
}

func (f *follower) publish(subject string, data []byte) error {
	f.messages.Add(1)
	if len(data) > 1<<20 {
		return errors.New("larger than NATS takes")
	}
	f.ix.follow(subject, data)
	return nil
}

func TestTheBusGetsOneMessageForAllWhoMoved(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		other := &follower{ix: NewIndex()}
		g := newIngest(NewIndex(), clock.System{}, quiet, defaultLimits, other.publish)
		stop := start(t, g)
		tenant, zones := id.NewTenant(), []id.Zone{id.NewZone(), id.NewZone()}
		move := func(riders, sec int) {
			for i := range riders {
				f := at(shanghai, sec)
				f.At = time.Now()
				g.Accept(t.Context(), tenant, zones[i%2], id.NewRider(), EBike, []Fix{f})
			}
		}
		move(1, 1) // at once
		synctest.Wait()
		if other.messages.Load() != 1 || other.ix.Len() != 1 {
			t.Fatalf("%d messages, %d riders", other.messages.Load(), other.ix.Len())
		}
		move(200, 2)
		synctest.Wait()
		if other.messages.Load() != 1 {
			t.Errorf("%d messages within the pause", other.messages.Load())
		}
		time.Sleep(publishEvery)
		synctest.Wait()
		if other.messages.Load() != 3 || other.ix.Len() != 201 {
			t.Errorf("%d messages, %d riders", other.messages.Load(), other.ix.Len())
		}
		const many = 2*maxMessage/movedSize + 10
		move(2*many, 3)
		if err := stop(); err != nil {
			t.Fatal(err)
		}
		if other.ix.Len() != 201+2*many || other.messages.Load() < 7 {
			t.Errorf("%d riders after %d messages", other.ix.Len(), other.messages.Load())
		}
	})
}

func TestANodeDoesNotReadItsOwnMessages(t *testing.T) {
	t.Parallel()
	ix := NewIndex()
	tenant, zone, who := id.NewTenant(), id.NewZone(), id.NewRider()
	f := at(shanghai, 1)
	p := packFix(&f)
	own := appendMoved(appendMovedHead(nil, ix.node), who, &p)
	ix.follow(bus.PositionsSubject(tenant, zone), own)
	if ix.Len() != 0 {
		t.Error("its own message was read")
	}
	ix.follow(bus.PositionsSubject(tenant, zone), EncodeMoved(Moved{who, f}))
	if ix.Len() != 1 {
		t.Error("a robot's was not")
	}
}
