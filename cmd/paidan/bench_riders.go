package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"time"

	"github.com/paidan/paidan/internal/app"
	"github.com/paidan/paidan/internal/clock"
)

type benchRidersCmd struct {
	Riders  int     `help:"Riders on shift, each with an open stream and a fix every 5 s." default:"50000"`
	Seconds float64 `help:"How long is measured, once all streams are open." default:"60"`
	Share   int     `help:"Riders whose streams share a connection (HTTP/2), as behind a proxy; 1: each has one of its own (HTTP/1.1)." default:"1"`
	JSON    string  `name:"json" help:"Write what was measured here as JSON; - is the standard output, instead of the table." placeholder:"FILE"`
}

// ridersReport is what it takes to have riders online: the server is a process of its own, the phones are simulated in this one.
type ridersReport struct {
	Go      string  `json:"go"`
	Cores   int     `json:"cores"`
	Riders  int     `json:"riders"`
	Share   int     `json:"share"`
	Seconds float64 `json:"seconds"`

	MadeS float64 `json:"made_s"` // until riders and shifts were in the database
	OpenS float64 `json:"open_s"` // until all streams had their snapshots

	StreamsOpen int    `json:"streams_open"` // at the end
	Errors      int64  `json:"errors"`       // fixes and streams that failed
	FirstError  string `json:"first_error,omitempty"`

	DueS      float64 `json:"requests_due_per_second"`
	RequestsS float64 `json:"requests_per_second"`
	LateMS    float64 `json:"late_p99_ms"` // requests sent later than they were due: the phones' machine was too slow
	AnswerP50 float64 `json:"answer_p50_ms"`
	AnswerP99 float64 `json:"answer_p99_ms"`

	DelayP50MS float64 `json:"delay_p50_ms"` // from when a fix was sent to when the console had it
	DelayP99MS float64 `json:"delay_p99_ms"`
	DelayMaxMS float64 `json:"delay_max_ms"`
	Shown      float64 `json:"shown"` // share of the fixes that the console had

	ServerCores   float64 `json:"server_cores"` // CPU seconds a second
	PhonesCores   float64 `json:"phones_cores"`
	RSSMB         float64 `json:"rss_mb"` // of the server, at the end
	BytesPerRider float64 `json:"bytes_per_rider"`
}

const (
	benchEvery = 5 * time.Second // between two fixes of a rider
	// benchSpare is for what has files open beside riders' streams: requests, the database, the console.
	benchSpare = 500
)

func (c *benchRidersCmd) Run(ctx context.Context) error {
	switch {
	case c.Riders < 100 || c.Riders > 200_000:
		return errors.New("--riders: 100 to 200000")
	case !(c.Seconds >= 1 && c.Seconds <= 300):
		return errors.New("--seconds: 1 to 300")
	case c.Share < 1 || c.Share > benchMaxShare:
		return fmt.Errorf("--share: 1 to %d", benchMaxShare)
	}
	most, err := openFiles()
	if err != nil {
		return err
	}
	if need := c.Riders/c.Share + benchSpare; need > most {
		return fmt.Errorf("--riders %d needs %d open files a process, and this machine allows %d: raise the hard limit (ulimit -Hn %d), or let riders share connections (--share %d)",
			c.Riders, need, most, need, c.Riders/max(1, most-benchSpare)+1)
	}
	r, err := c.measure(ctx, os.Stderr)
	if err != nil {
		return err
	}
	if err := writeJSON(c.JSON, r); err != nil || c.JSON == "-" {
		return err
	}
	return r.write(os.Stdout)
}

func (c *benchRidersCmd) measure(ctx context.Context, progress io.Writer) (r ridersReport, err error) {
	r = ridersReport{Go: runtime.Version() + " " + runtime.GOOS + "/" + runtime.GOARCH, Cores: runtime.NumCPU(), Riders: c.Riders, Share: c.Share, Seconds: c.Seconds}
	dir, err := os.MkdirTemp("", "paidan-bench-")
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	if err := os.Chmod(dir, 0o755); err != nil { // PostgreSQL may run as another user
		return r, err
	}
	fmt.Fprintf(progress, "%d riders on shift…\n", c.Riders)
	begin := time.Now()
	town, err := makeBenchTown(ctx, dir, c.Riders)
	if err != nil {
		return r, err
	}
	r.MadeS = time.Since(begin).Seconds()
	s, err := startBenchServer(ctx, dir, app.RoleAPI, app.RoleIngest)
	if err != nil {
		return r, err
	}
	defer func() { err = errors.Join(err, s.stop()) }()
	empty, err := s.metric(ctx, rssMetric)
	if err != nil {
		return r, err
	}

	console, err := openBenchConsole(ctx, s.url, town)
	if err != nil {
		return r, err
	}
	defer console.close()
	p, err := newBenchPhones(s.url, town, c.Share)
	if err != nil {
		return r, err
	}
	defer p.close()
	fmt.Fprintln(progress, "their streams…")
	begin = time.Now()
	if err := p.openStreams(ctx); err != nil {
		return r, err
	}
	r.OpenS = time.Since(begin).Seconds()
	fmt.Fprintf(progress, "their fixes, %.0f s…\n", c.Seconds)
	if err := r.online(ctx, s, console, p); err != nil {
		return r, err
	}
	rss, err := s.metric(ctx, rssMetric)
	r.RSSMB, r.BytesPerRider = rss/(1<<20), (rss-empty)/float64(c.Riders)
	return r, err
}

// online measures for some time, once everybody has sent a fix.
func (r *ridersReport) online(ctx context.Context, s *benchServer, console *benchConsole, p *benchPhones) error {
	ctx, stop := context.WithCancel(ctx)
	riding := make(chan error, 1)
	go func() { riding <- p.ride(ctx) }()
	ended := func(err error) error {
		stop()
		return errors.Join(err, <-riding)
	}
	if err := clock.Sleep(ctx, clock.System{}, benchEvery+time.Second); err != nil {
		return ended(err)
	}
	server, err := s.metric(ctx, cpuMetric)
	if err != nil {
		return ended(err)
	}
	mine, err := selfCPU()
	if err != nil {
		return ended(err)
	}
	console.measure()
	p.measure(true)
	begin := time.Now()
	err = clock.Sleep(ctx, clock.System{}, time.Duration(r.Seconds*float64(time.Second)))
	p.measure(false)
	took := time.Since(begin).Seconds()
	if err != nil {
		return ended(err)
	}
	serverAfter, err := s.metric(ctx, cpuMetric)
	if err != nil {
		return ended(err)
	}
	mineAfter, err := selfCPU()
	if err != nil {
		return ended(err)
	}
	r.ServerCores, r.PhonesCores = (serverAfter-server)/took, (mineAfter-mine).Seconds()/took
	r.StreamsOpen = p.streams()
	if err := ended(nil); err != nil {
		return err
	}
	// What was sent last is on its way to the console.
	if err := clock.Sleep(context.WithoutCancel(ctx), clock.System{}, 2*time.Second); err != nil {
		return err
	}
	delay, err := console.measured()
	if err != nil {
		return err
	}
	sent := float64(p.answers.Count())
	r.Errors, r.FirstError = p.failed()
	r.DueS, r.RequestsS, r.LateMS = float64(r.Riders)/benchEvery.Seconds(), sent/took, ms(p.late.Quantile(0.99))
	r.AnswerP50, r.AnswerP99 = ms(p.answers.Quantile(0.5)), ms(p.answers.Quantile(0.99))
	r.DelayP50MS, r.DelayP99MS, r.DelayMaxMS = ms(delay.Quantile(0.5)), ms(delay.Quantile(0.99)), ms(delay.Max())
	r.Shown = float64(delay.Count()) / max(1, sent)
	return nil
}

func (r *ridersReport) write(out io.Writer) error {
	p := &linePrinter{out: out}
	p.line("%d riders online, %s, %d cores for server, PostgreSQL and phones; %d riders a connection", r.Riders, r.Go, r.Cores, r.Share)
	p.line("  set-up             %8.1f s for riders and shifts, %.1f s for the streams", r.MadeS, r.OpenS)
	p.line("  streams            %8d open at the end, %d errors %s", r.StreamsOpen, r.Errors, r.FirstError)
	p.line("  fixes              %8.0f requests/s of %.0f due   late p99 %.0f ms   answered p50 %.1f ms   p99 %.1f ms", r.RequestsS, r.DueS, r.LateMS, r.AnswerP50, r.AnswerP99)
	p.line("  fix to console     p50 %.0f ms   p99 %.0f ms   at most %.0f ms   %.1f %% shown", r.DelayP50MS, r.DelayP99MS, r.DelayMaxMS, 100*r.Shown)
	p.line("  server             %8.2f cores   %.0f MB, %.0f bytes a rider; the phones %.2f cores", r.ServerCores, r.RSSMB, r.BytesPerRider, r.PhonesCores)
	return p.err
}

// rssMetric is a process's memory in bytes, as the system counts it.
const rssMetric = "process_resident_memory_bytes"
