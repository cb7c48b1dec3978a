package rider

import (
	"context"
	"sync"

	"github.com/paidan/paidan/internal/bus"
	"github.com/paidan/paidan/internal/id"
)

// Follow moves the index's riders by what the bus says of all tenants' zones, until stop is called or ctx is done. On return
// it is in force; call it before Load. Lost messages cost one position each, repeated and late ones nothing.
func Follow(ctx context.Context, b *bus.Bus, ix *Index) (stop func(), err error) {
	unsubscribe, err := b.Subscribe(bus.PositionsSubject(bus.AllTenants, bus.AllZones), ix.follow)
	if err != nil {
		return nil, wrap("follow positions", err)
	}
	once := sync.OnceFunc(unsubscribe)
	detach := context.AfterFunc(ctx, once)
	return func() {
		detach()
		once()
	}, nil
}

func (ix *Index) follow(subject string, data []byte) {
	tenant, zone, err := bus.ZoneOf(subject)
	if err == nil {
		// What this node told the others it knows.
		err = decodeMoved(data, func(node uint64) bool { return node != ix.node }, func(who id.Rider, p packedFix) { ix.update(tenant, zone, who, p) })
	}
	if err != nil {
		ix.unread.Add(1)
	}
}
