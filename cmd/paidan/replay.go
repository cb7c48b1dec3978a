package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"time"

	"github.com/paidan/paidan/dispatch"
	"github.com/paidan/paidan/internal/app"
	"github.com/paidan/paidan/internal/clock"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/internal/pg"
	"github.com/paidan/paidan/sim/people"
)

type replayCmd struct {
	Rappi       string  `required:"" help:"Folder of a recorded day: orders.csv and couriers.csv." type:"existingdir" placeholder:"DIR"`
	From        string  `help:"First time of the day replayed." placeholder:"HH:MM"`
	To          string  `help:"Time of the day after which no order is placed." placeholder:"HH:MM"`
	Speed       float64 `help:"How many times faster than the day. A server of its own runs at this speed; with --url the server's clock counts." default:"60"`
	URL         string  `help:"Replay against this server, as --tenant's administrator, instead of starting one." placeholder:"URL"`
	Tenant      string  `help:"With --url: the tenant." default:"replay"`
	Email       string  `help:"With --url: an administrator of the tenant." default:"replay@paidan.invalid"`
	Password    string  `help:"With --url: the administrator's password; better through PAIDAN_PASSWORD." env:"PAIDAN_PASSWORD" placeholder:"WORD"`
	Policy      string  `help:"YAML or JSON file with the zone's policy." type:"existingfile"`
	JSON        string  `name:"json" help:"Write the report here as JSON." type:"path" placeholder:"FILE"`
	DataDir     string  `help:"Keep the server's data in this folder; without it they are thrown away." type:"path" placeholder:"DIR"`
	Listen      string  `help:"Address of the server that is started." default:"127.0.0.1:0"`
	DebugListen string  `help:"Address of profiles (pprof) of the server that is started." placeholder:"ADDR"`
	Basemap     string  `help:"Map under the console of the server that is started." placeholder:"FILE|URL"`
	Seed        uint64  `help:"Of the riders' habits." default:"1"`
}

func (c *replayCmd) Run(ctx context.Context) (err error) {
	if !(c.Speed > 0 && c.Speed <= 3600) {
		return errors.New("--speed: more than 0, at most 3600")
	}
	o := people.ReplayOptions{Dir: c.Rappi, From: c.From, To: c.To, URL: c.URL, Seed: c.Seed, Out: os.Stderr,
		Staff: people.Credentials{Tenant: c.Tenant, Email: c.Email, Password: c.Password}}
	if o.Policy, err = readPolicy(c.Policy); err != nil {
		return err
	}
	check := func() (dispatch.Books, error) { return dispatch.Books{}, nil }
	if c.URL == "" {
		s, err := c.startServer(ctx)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, s.stop()) }()
		o.URL, o.Clock, o.Staff, check = s.url, s.clock, s.staff, func() (dispatch.Books, error) { return s.check(ctx) }
		fmt.Fprintf(os.Stderr, "console: %s  tenant %s  login %s  password %s\n", s.url, s.staff.Tenant, s.staff.Email, s.staff.Password)
	}
	report, err := people.Replay(ctx, o)
	if err != nil {
		return err
	}
	if err := report.Write(os.Stdout); err != nil {
		return err
	}
	if err := writeJSON(c.JSON, report); err != nil {
		return err
	}
	if c.URL != "" {
		return nil
	}
	books, err := check()
	if err != nil {
		return err
	}
	for _, f := range books.Faults {
		fmt.Println(f)
	}
	fmt.Printf("books: %d orders with %d events, %d faults\n", books.Orders, books.Events, len(books.Faults))
	if len(books.Faults) > 0 {
		return exitError(1)
	}
	return nil
}

func readPolicy(file string) (map[string]any, error) {
	if file == "" {
		return nil, nil
	}
	p, err := dispatch.ReadPolicy(dispatch.DefaultPolicy(), file)
	if err != nil {
		return nil, err
	}
	data, err := json.Marshal(p)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	var policy map[string]any
	return policy, json.Unmarshal(data, &policy)
}

// replayServer is a `paidan serve` of its own process, so that what it costs and how it dies can be seen.
type replayServer struct {
	url     string
	clock   clock.Clock
	staff   people.Credentials
	dir     string
	temp    bool
	process *exec.Cmd
	tenant  id.Tenant
}

// startUp is how long a server may take from its start to being ready.
const startUp = time.Minute

func (c *replayCmd) startServer(ctx context.Context) (_ *replayServer, err error) {
	s := &replayServer{
		clock: clock.Scaled{Epoch: time.Now(), Start: startOf(c.From), Speed: c.Speed},
		staff: people.Credentials{Tenant: "replay", Email: "replay@paidan.invalid", Password: "paidan-replay"},
		dir:   c.DataDir,
	}
	if s.dir == "" {
		if s.dir, err = os.MkdirTemp("", "paidan-replay-"); err != nil {
			return nil, err
		}
		s.temp = true
		if err := os.Chmod(s.dir, 0o755); err != nil { // PostgreSQL may run as another user
			return nil, err
		}
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, s.stop())
		}
	}()
	if err := os.MkdirAll(s.dir, 0o755); err != nil {
		return nil, err
	}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	log, err := os.Create(filepath.Join(s.dir, "server.log"))
	if err != nil {
		return nil, err
	}
	defer log.Close()
	addr, err := freeAddress(ctx, c.Listen)
	if err != nil {
		return nil, fmt.Errorf("--listen: %w", err)
	}
	s.url = "http://" + addr
	args := []string{"serve", "--listen", addr, "--data-dir", s.dir, "--clock", fmt.Sprint(s.clock)}
	if c.DebugListen != "" {
		args = append(args, "--debug-listen", c.DebugListen)
	}
	if c.Basemap != "" {
		args = append(args, "--basemap", c.Basemap)
	}
	s.process = exec.Command(self, args...) //nolint:noctx // stop ends it, gracefully
	s.process.Stderr = log
	s.process.SysProcAttr = ownGroup() // Ctrl-C is ours to handle: the report comes first
	if err := s.process.Start(); err != nil {
		return nil, err
	}
	if err := waitReady(ctx, s.url, startUp); err != nil {
		return nil, fmt.Errorf("%w; its log is %s", err, log.Name())
	}
	return s, s.with(ctx, func(db *pg.DB) error {
		if err := app.Bootstrap(ctx, db, s.clock, s.staff.Tenant, "Replay", "UTC", s.staff.Email, s.staff.Password); err != nil {
			return err
		}
		s.tenant, err = app.FindTenant(ctx, db, s.staff.Tenant)
		return err
	})
}

func (s *replayServer) with(ctx context.Context, fn func(*pg.DB) error) error {
	return storage{DataDir: s.dir}.with(ctx, fn)
}

func (s *replayServer) check(ctx context.Context) (books dispatch.Books, err error) {
	err = s.with(ctx, func(db *pg.DB) error {
		books, err = dispatch.CheckBooks(ctx, db, s.tenant)
		return err
	})
	return books, err
}

func (s *replayServer) stop() error {
	var errs []error
	if s.process != nil && s.process.Process != nil {
		errs = append(errs, s.process.Process.Signal(syscall.SIGTERM), s.process.Wait())
	}
	if s.temp {
		errs = append(errs, os.RemoveAll(s.dir))
	}
	return errors.Join(errs...)
}

// startOf is the time that the server's clock starts at: today, at the replay's beginning.
func startOf(from string) time.Time {
	day := time.Now().UTC().Truncate(24 * time.Hour)
	if t, err := time.Parse("15:04", from); err == nil {
		return day.Add(time.Duration(t.Hour())*time.Hour + time.Duration(t.Minute())*time.Minute)
	}
	return day
}
