package api

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"time"

	"github.com/prometheus/client_golang/prometheus"

	"github.com/paidan/paidan/dispatch"
	"github.com/paidan/paidan/eta"
	"github.com/paidan/paidan/internal/bus"
	"github.com/paidan/paidan/internal/clock"
	"github.com/paidan/paidan/internal/pg"
	"github.com/paidan/paidan/internal/relay"
	"github.com/paidan/paidan/rider"
	"github.com/paidan/paidan/webhook"
)

// Deps is what a Server works with. DB, Bus, Index, Ingest, ETA, Dispatch, Files, Clock and Secret are needed.
type Deps struct {
	DB       *pg.DB
	Bus      *bus.Bus
	Index    *rider.Index
	Ingest   *rider.Ingest
	ETA      *eta.Model
	Dispatch *dispatch.Service
	Clock    clock.Clock
	Files    Files        // of proofs
	Texts    *rider.Texts // nil: no text messages are sent
	Lines    relay.Lender // nil: no masked numbers are lent
	Push     Pushing      // how phones are woken
	Secret   []byte       // signs riders' tokens, at least 32 bytes
	Log      *slog.Logger
	Console  fs.FS  // the built console; nil serves none
	Basemap  string // "", a .pmtiles file, or the URL of a MapLibre style
	Metrics  *prometheus.Registry
	Config   Config
}

// Config tunes a Server; DefaultConfig has good values.
type Config struct {
	Limits  Limits
	Streams Streams
	// Timeout bounds a request that is not a stream.
	Timeout time.Duration
	// BodyTimeout is how long a phone on a bad network may take to send a body.
	BodyTimeout time.Duration
	// SecureCookies marks the session cookie Secure even when the request came without TLS (a proxy ends it).
	SecureCookies bool
	// PublicURL is under which address the outside reaches this server, for links; "" gives links without a host.
	PublicURL string
	// TrustedProxies are the networks whose X-Forwarded-For is believed; none by default.
	TrustedProxies []string
	// Webhooks says where they may go.
	Webhooks webhook.Reach
}

// Limits are requests per second and bursts; a rate of 0 means no limit.
type Limits struct {
	Merchant Rate // per API key
	Test     Rate // per API key of a sandbox
	Rider    Rate // per rider
	Staff    Rate // per user
	Account  Rate // log-ins, per account and address
	Address  Rate // log-ins, per address
	Code     Rate // log-in codes asked for, per phone
	Codes    Rate // log-in codes asked for, per address
	Visitor  Rate // tracking pages, per address
	Tracking Rate // tracking pages, per order
}

// Rate is a token bucket.
type Rate struct {
	PerSecond float64
	Burst     int
}

// Streams times the Server-Sent Events. They are wall times: they are about sockets, not about deliveries.
type Streams struct {
	Heartbeat    time.Duration // riders' comment lines
	ConsolePing  time.Duration // consoles' comment lines
	Coalesce     time.Duration // changed orders and riders are collected for so long
	Positions    time.Duration
	KPI          time.Duration
	Resync       time.Duration // everything is read again, for what the bus lost
	WriteTimeout time.Duration // a client that takes nothing for so long is dropped
	ClientBuffer int           // frames that a console may be behind
	CheckSession time.Duration // a stream ends when its session has
}

// DefaultConfig suits one machine.
func DefaultConfig() Config {
	return Config{
		Limits: Limits{
			Merchant: Rate{500, 2000},
			Test:     Rate{2000, 8000}, // nobody waits for these orders, and load is tested with them
			Rider:    Rate{20, 100},
			Staff:    Rate{50, 500},
			Account:  Rate{10.0 / 60, 10},
			Address:  Rate{50, 1000},
			Code:     Rate{1.0 / 60, 3},
			Codes:    Rate{0.5, 60}, // a depot's riders come together, from one address
			Visitor:  Rate{5, 60},
			Tracking: Rate{2, 30},
		},
		Streams: Streams{
			Heartbeat: 15 * time.Second, ConsolePing: 10 * time.Second, Coalesce: 200 * time.Millisecond, Positions: 500 * time.Millisecond,
			KPI: 2 * time.Second, Resync: 10 * time.Second, WriteTimeout: 10 * time.Second, ClientBuffer: 64,
			CheckSession: time.Minute,
		},
		Timeout: 30 * time.Second, BodyTimeout: 20 * time.Second,
	}
}

// Validate says what is wrong with a configuration.
func (c Config) Validate() error {
	var errs []error
	for name, r := range map[string]Rate{
		"merchant": c.Limits.Merchant, "test": c.Limits.Test, "rider": c.Limits.Rider, "staff": c.Limits.Staff, "account": c.Limits.Account, "address": c.Limits.Address,
		"code": c.Limits.Code, "codes": c.Limits.Codes,
		"visitor": c.Limits.Visitor, "tracking": c.Limits.Tracking,
	} {
		if r.PerSecond < 0 || (r.PerSecond > 0 && r.Burst < 1) {
			errs = append(errs, fmt.Errorf("limit %s: want a rate of 0 or more and a burst of at least 1", name))
		}
	}
	s := c.Streams
	for name, d := range map[string]time.Duration{
		"heartbeat": s.Heartbeat, "console ping": s.ConsolePing, "coalesce": s.Coalesce, "positions": s.Positions, "kpi": s.KPI, "resync": s.Resync,
		"write timeout": s.WriteTimeout, "check session": s.CheckSession, "timeout": c.Timeout, "body timeout": c.BodyTimeout,
	} {
		if d <= 0 {
			errs = append(errs, fmt.Errorf("%s: want a positive duration", name))
		}
	}
	if s.ClientBuffer < 1 {
		errs = append(errs, errors.New("client buffer: want at least 1"))
	}
	return errors.Join(errs...)
}
