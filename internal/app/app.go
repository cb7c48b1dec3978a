package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/prometheus/client_golang/prometheus"
	"golang.org/x/sync/errgroup"

	"github.com/paidan/paidan/api"
	"github.com/paidan/paidan/dispatch"
	"github.com/paidan/paidan/eta"
	"github.com/paidan/paidan/internal/blob"
	"github.com/paidan/paidan/internal/bus"
	"github.com/paidan/paidan/internal/clock"
	"github.com/paidan/paidan/internal/jobs"
	"github.com/paidan/paidan/internal/pg"
	"github.com/paidan/paidan/internal/relay"
	"github.com/paidan/paidan/rider"
	"github.com/paidan/paidan/sandbox"
	"github.com/paidan/paidan/web"
	"github.com/paidan/paidan/webhook"
)

// App is a running process. Start makes one, Stop ends it.
type App struct {
	conf  Config
	log   *slog.Logger
	clock clock.Clock

	database *Database
	bus      *bus.Bus
	files    blob.Store
	pushing  api.Pushing
	notify   dispatch.Notify // nil: nobody is woken
	ingest   *rider.Ingest
	api      *api.Server
	http     *http.Server
	listener net.Listener
	jobs     *jobs.Client
	texts    *rider.Texts // nil: none are sent
	metrics  *prometheus.Registry

	work    *errgroup.Group // what runs until Stop
	endWork context.CancelFunc
	failed  chan error
	closers []func(context.Context) error // in the order of their making; closed in the opposite one
}

// Start brings up everything that the roles ask for, in the order in which the parts need each other. What has been
// started is stopped again when a later part fails.
func Start(ctx context.Context, conf Config, logTo io.Writer) (_ *App, err error) {
	if err := conf.Validate(); err != nil {
		return nil, err
	}
	c, err := clock.Parse(conf.Clock)
	if err != nil {
		return nil, fmt.Errorf("--clock: %w", err)
	}
	a := &App{conf: conf, log: NewLogger(logTo, conf.LogFormat, conf.LogLevel), clock: c, failed: make(chan error, 1)}
	defer func() {
		if err != nil {
			err = errors.Join(err, a.Stop(context.WithoutCancel(ctx)))
		}
	}()
	// First, because a port that is taken is the likeliest fault, and the slowest to come out where it comes last.
	if a.listener, err = (&net.ListenConfig{}).Listen(ctx, "tcp", conf.Listen); err != nil {
		return nil, fmt.Errorf("--listen: %w", err)
	}
	return a, a.start(ctx)
}

func (a *App) start(ctx context.Context) error {
	var err error
	if a.metrics, err = newMetrics(); err != nil {
		return err
	}
	if a.database, err = OpenDatabase(ctx, a.conf, a.clock, a.log); err != nil {
		return err
	}
	a.onStop(a.database.Close)
	db := a.database.DB
	if a.bus, err = bus.Open(ctx, bus.Options{URL: a.conf.NATSURL, Log: a.log, Metrics: a.metrics}); err != nil {
		return err
	}
	a.onStop(a.bus.Close)

	if err := a.openProofs(ctx); err != nil {
		return err
	}

	workCtx, endWork := context.WithCancel(context.WithoutCancel(ctx))
	a.endWork = endWork
	a.work, workCtx = errgroup.WithContext(workCtx)
	a.run(func() error { return a.database.watch(workCtx) })

	index := rider.NewIndex()
	unfollow, err := rider.Follow(ctx, a.bus, index) // before Load, so that nothing falls between the two
	if err != nil {
		return err
	}
	a.onStop(func(context.Context) error { unfollow(); return nil })
	a.ingest = rider.NewIngest(a.database.Engine, a.bus, index, a.clock, a.log)
	if err := errors.Join(index.Register(a.metrics), a.ingest.Register(a.metrics)); err != nil {
		return err
	}
	if err := a.ingest.Load(ctx); err != nil {
		return fmt.Errorf("load positions: %w", err)
	}
	a.run(func() error { return a.ingest.Run(workCtx) })

	model, err := eta.New(eta.Default())
	if err != nil {
		return err
	}
	if a.jobs, err = jobs.New(db, jobs.Options{Clock: a.clock, Log: a.log, Metrics: a.metrics}); err != nil {
		return err
	}
	if err := a.openPush(ctx); err != nil {
		return err
	}
	service := dispatch.New(db, a.bus, index, model, a.clock, a.log).Waking(a.notify)
	if a.conf.SMSURL != "" {
		a.texts = rider.NewTexts(db, a.jobs, a.clock)
	}
	if a.conf.has(RoleJobs) {
		if err := a.startJobs(ctx, service); err != nil {
			return err
		}
		sender := webhook.New(webhook.Options{
			DB: a.database.Webhooks, Bus: a.bus, Clock: a.clock, Log: a.log, Owner: nodeName(), Show: api.ShowEvent, Reach: a.conf.webhookReach(),
			Failing: sandbox.FailingWebhooks,
		})
		a.run(func() error { return sender.Run(workCtx) })
	}
	if a.conf.has(RoleDispatch) {
		engine := dispatch.New(a.database.Engine, a.bus, index, model, a.clock, a.log).Waking(a.notify)
		loops := dispatch.NewLoops(engine, nodeName())
		a.run(func() error { return loops.Run(workCtx) })
		robots := sandbox.New(a.database.Engine, engine, a.bus, index, a.clock, a.log)
		a.run(func() error { return robots.Run(workCtx, nodeName()) })
	}
	if a.conf.DebugListen != "" {
		if err := a.serveDebug(ctx); err != nil {
			return err
		}
	}
	return a.serveHTTP(ctx, index, model, service)
}

// storeAnswers is how long a start waits for the object store.
const storeAnswers = 10 * time.Second

// openProofs refuses to start with a store that refuses us; one that is out of reach may come back, and dispatch need not wait for it.
func (a *App) openProofs(ctx context.Context) (err error) {
	if a.files, err = a.conf.proofs(); err != nil {
		return fmt.Errorf("--proofs-url: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, storeAnswers)
	defer cancel()
	err = a.files.Check(ctx)
	var refused *blob.RefusedError
	if errors.As(err, &refused) {
		return fmt.Errorf("--proofs-url: %w", err)
	}
	if err != nil {
		a.log.ErrorContext(ctx, "proofs can't be kept for now", "error", err)
	}
	return nil
}

func (a *App) serveHTTP(ctx context.Context, index *rider.Index, model *eta.Model, service *dispatch.Service) error {
	secret, err := pg.Secret(ctx, a.database.OwnerURL, "jwt")
	if err != nil {
		return err
	}
	conf := api.DefaultConfig()
	conf.SecureCookies, conf.TrustedProxies, conf.Webhooks = a.conf.SecureCookies, a.conf.TrustProxies, a.conf.webhookReach()
	conf.PublicURL = strings.TrimSuffix(cmp.Or(a.conf.PublicURL, a.URL()), "/")
	var lines relay.Lender
	if a.conf.CallsURL != "" {
		if lines, err = relay.New(a.conf.CallsURL, a.conf.CallsSecret, a.clock); err != nil {
			return fmt.Errorf("--calls-url: %w", err)
		}
	}
	a.api, err = api.New(api.Deps{
		DB: a.database.DB, Bus: a.bus, Index: index, Ingest: a.ingest, ETA: model, Dispatch: service, Clock: a.clock,
		Files: a.files, Push: a.pushing,
		Texts:  a.texts,
		Lines:  lines,
		Secret: secret, Log: a.log, Console: web.Dist(), Basemap: a.conf.Basemap, Metrics: a.metrics, Config: conf,
	})
	if err != nil {
		return err
	}
	handler := a.api.Handler()
	if !a.conf.has(RoleAPI) && !a.conf.has(RoleIngest) {
		handler = onlyHealth(handler)
	}
	protocols := new(http.Protocols)
	protocols.SetHTTP1(true)
	protocols.SetUnencryptedHTTP2(true) // from a proxy: thousands of riders' streams then share some connections
	a.http = &http.Server{
		Handler:           handler,
		Protocols:         protocols,
		ReadHeaderTimeout: 10 * time.Second,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    64 << 10,
		ErrorLog:          slog.NewLogLogger(a.log.Handler(), slog.LevelDebug),
	}
	a.onStop(a.stopHTTP)
	a.run(func() error {
		if err := a.http.Serve(a.listener); !errors.Is(err, http.ErrServerClosed) {
			return err
		}
		return nil
	})
	a.log.Info("listening", "addr", a.listener.Addr().String())
	return nil
}

// stopHTTP ends the streams, which never end by themselves, and lets requests under way finish.
func (a *App) stopHTTP(ctx context.Context) error {
	a.api.Close()
	if err := a.http.Shutdown(ctx); err != nil {
		return errors.Join(fmt.Errorf("requests were cut off: %w", err), a.http.Close())
	}
	return nil
}

// onlyHealth is what a process that serves nobody still answers: whoever runs it asks how it is.
func onlyHealth(h http.Handler) http.Handler {
	mux := http.NewServeMux()
	for _, path := range []string{"/healthz", "/readyz", "/metrics"} {
		mux.Handle(path, h)
	}
	return mux
}

// URL is where the process is reached from this machine.
func (a *App) URL() string {
	host, port, err := net.SplitHostPort(a.listener.Addr().String())
	if err != nil {
		return ""
	}
	if ip := net.ParseIP(host); ip == nil || ip.IsUnspecified() {
		host = "localhost"
	}
	return "http://" + net.JoinHostPort(host, port)
}

// Failed delivers the error of a part that ended by itself; the process should then stop.
func (a *App) Failed() <-chan error { return a.failed }

// run keeps a part going; its failure is the process's.
func (a *App) run(part func() error) {
	a.work.Go(func() error {
		err := part()
		if err != nil {
			a.fail(err)
		}
		return err
	})
}

// fail passes on the first failure; the process ends with it.
func (a *App) fail(err error) {
	select {
	case a.failed <- err:
	default:
	}
}

func (a *App) onStop(closer func(context.Context) error) { a.closers = append(a.closers, closer) }

// keepForWork is how many of the first closers (database, bus) the loops and writers need until they have ended.
const keepForWork = 2

// Stop finishes what is under way, within the configured time: first the edge, so that nothing new comes in, then the
// loops and writers, at last the bus and the database.
func (a *App) Stop(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, a.conf.StopTimeout)
	defer cancel()
	var errs []error
	for i := len(a.closers) - 1; i >= 0; i-- {
		if i == keepForWork-1 && a.endWork != nil {
			errs = append(errs, a.stopWork(ctx))
		}
		errs = append(errs, a.closers[i](ctx))
	}
	if a.listener != nil {
		_ = a.listener.Close() // the HTTP server has, when there was one
	}
	return errors.Join(errs...)
}

func (a *App) stopWork(ctx context.Context) error {
	a.endWork()
	done := make(chan error, 1)
	go func() { done <- a.work.Wait() }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
		return errors.New("some work did not end in time")
	}
}

// nodeName is unique among processes, so that a restarted node is another owner.
func nodeName() string {
	host, err := os.Hostname()
	if err != nil {
		host = "node"
	}
	return fmt.Sprintf("%s/%d/%s", host, os.Getpid(), uuid.NewString()[:8])
}
