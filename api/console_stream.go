package api

import (
	"context"
	"errors"
	"time"

	"github.com/paidan/paidan/internal/id"
)

var errSlow = errors.New("the client was too slow and has lost its place")

type consoleStreamInput struct {
	ZoneID      id.Zone `query:"zone_id" required:"true" pattern:"^zon_[0-7][0-9a-hjkmnp-tv-z]{25}$"`
	LastEventID string  `header:"Last-Event-ID" doc:"Accepted; a client that comes back gets a snapshot."`
	Token       string  `cookie:"paidan_session"`
}

func (s *Server) streamConsole(ctx context.Context, in *consoleStreamInput) (runner, error) {
	who := staffOf(ctx)
	if err := s.zoneExists(ctx, who.Tenant, in.ZoneID); err != nil {
		return nil, err
	}
	f, err := s.feeds.join(ctx, zoneKey{who.Tenant, in.ZoneID})
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context, to *sse) error {
		defer s.feeds.leave(f)
		c, first, err := f.enter()
		if err != nil {
			return err
		}
		defer f.exit(c)
		if err := to.send([]byte("retry: 1000\n\n"), first); err != nil {
			return err
		}
		beat, check := time.NewTicker(s.conf.Streams.ConsolePing), time.NewTicker(s.conf.Streams.CheckSession)
		defer beat.Stop()
		defer check.Stop()
		for {
			var err error
			select {
			case b := <-c.frames:
				err = to.send(b)
			case <-beat.C:
				err = to.send(ping)
			case <-check.C:
				_, err = s.findStaff(ctx, in.Token)
			case <-c.slow:
				return errSlow
			case <-ctx.Done():
				return ctx.Err()
			}
			if err != nil {
				return err
			}
		}
	}, nil
}
