package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/paidan/paidan/api"
	"github.com/paidan/paidan/client"
	"github.com/paidan/paidan/internal/app"
	"github.com/paidan/paidan/internal/clock"
	"github.com/paidan/paidan/rider"
)

const (
	benchBatch   = 50
	benchSenders = 8
)

// benchServer is a server in a process of its own, so that its CPU time is its own.
type benchServer struct {
	url     string
	process *exec.Cmd
}

func startBenchServer(ctx context.Context, dir string, roles ...string) (*benchServer, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	listen, err := freeAddress(ctx, "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	s := &benchServer{url: "http://" + listen}
	s.process = exec.Command(self, "serve", "--listen", listen, "--data-dir", dir, "--roles", strings.Join(roles, ","), "--log-level", "warn") //nolint:noctx // stop ends it, gracefully
	s.process.Stderr, s.process.SysProcAttr = os.Stderr, ownGroup()
	if err := s.process.Start(); err != nil {
		return nil, err
	}
	if err := waitReady(ctx, s.url, time.Minute); err != nil {
		return nil, errors.Join(err, s.stop())
	}
	return s, nil
}

func (s *benchServer) stop() error {
	return errors.Join(s.process.Process.Signal(syscall.SIGTERM), s.process.Wait())
}

// metric reads one number of the server's; of several series the sum.
func (s *benchServer) metric(ctx context.Context, name string) (sum float64, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.url+"/metrics", nil)
	if err != nil {
		return 0, err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	lines, found := bufio.NewScanner(resp.Body), false
	for lines.Scan() {
		series, value, ok := strings.Cut(lines.Text(), " ")
		if ok && (series == name || strings.HasPrefix(series, name+"{")) {
			x, err := strconv.ParseFloat(value, 64)
			if err != nil {
				return 0, err
			}
			sum, found = sum+x, true
		}
	}
	if !found {
		return 0, fmt.Errorf("the server has no metric %s", name)
	}
	return sum, lines.Err()
}

// overHTTP measures a server that does all that a server does with positions: index, bus, history.
func (r *positionsReport) overHTTP(ctx context.Context, dir string, secret []byte, town benchShop, limit time.Duration) (err error) {
	s, err := startBenchServer(ctx, dir, app.RoleIngest)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.stop()) }()
	c := newBenchCity(r.Riders, town.tenant, town.zone, time.Now().UTC().Add(-20*time.Hour))
	l := &positionLoad{server: s, city: c, secret: secret}
	for _, form := range []string{"json", "protobuf"} {
		if _, err := l.send(ctx, form, limit/5); err != nil { // warms up
			return err
		}
		x, err := l.send(ctx, form, limit)
		if err != nil {
			return err
		}
		r.HTTP = append(r.HTTP, x)
	}
	return nil
}

// positionLoad sends batches, one rider after the other.
type positionLoad struct {
	server *benchServer
	city   *benchCity
	secret []byte
	next   int
	sent   int // fixes
}

// positionRequest is a batch, ready to be sent.
type positionRequest struct {
	token string
	body  []byte
}

// make makes requests beforehand.
func (l *positionLoad) make(form string, n int) ([]positionRequest, error) {
	out := make([]positionRequest, n)
	var fixes []rider.Fix
	for i := range out {
		who := l.next % len(l.city.riders)
		l.next++
		fixes = l.city.ride(who, benchBatch, fixes[:0])
		token, err := api.RiderToken(l.secret, clock.System{}, rider.Rider{Tenant: l.city.tenant, ID: l.city.riders[who].id, Zone: l.city.zone, Vehicle: rider.EBike})
		if err != nil {
			return nil, err
		}
		out[i].token = token
		if form == "protobuf" {
			out[i].body = appendFixesProto(nil, fixes)
			continue
		}
		if out[i].body, err = json.Marshal(map[string]any{"fixes": fixes}); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// send sends batches for some time, in bursts of requests that are made before, and waits until all are stored.
func (l *positionLoad) send(ctx context.Context, form string, limit time.Duration) (x httpRate, err error) {
	burst := min(2000, len(l.city.riders)/5)
	mediaType := map[string]string{"json": "application/json", "protobuf": "application/x-protobuf"}[form]
	h := new(client.Histogram)
	transport := &http.Transport{MaxIdleConnsPerHost: benchSenders, DisableCompression: true}
	defer transport.CloseIdleConnections()
	before, err := l.server.metric(ctx, cpuMetric)
	if err != nil {
		return x, err
	}
	var wall time.Duration
	fixes := 0
	for wall < limit {
		requests, err := l.make(form, burst)
		if err != nil {
			return x, err
		}
		begin := time.Now()
		g, burstCtx := errgroup.WithContext(ctx)
		for k := range benchSenders {
			g.Go(func() error {
				for i := k; i < burst; i += benchSenders {
					at := time.Now()
					if err := l.post(burstCtx, transport, mediaType, requests[i]); err != nil {
						return err
					}
					h.Add(time.Since(at))
				}
				return nil
			})
		}
		if err := g.Wait(); err != nil {
			return x, err
		}
		wall += time.Since(begin)
		fixes += burst * benchBatch
	}
	l.sent += fixes
	if err := l.allStored(ctx); err != nil {
		return x, err
	}
	after, err := l.server.metric(ctx, cpuMetric)
	if err != nil {
		return x, err
	}
	cpu, n := after-before, float64(fixes)
	return httpRate{
		Form: form, Batch: benchBatch, PerCoreS: n / cpu, MicrosPerFix: cpu * 1e6 / n, PerS: n / wall.Seconds(), P50MS: ms(h.Quantile(0.5)), P99MS: ms(h.Quantile(0.99)),
	}, nil
}

// post sends a batch, all of which must be taken.
func (l *positionLoad) post(ctx context.Context, transport *http.Transport, mediaType string, p positionRequest) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, l.server.url+"/v1/rider/positions", bytes.NewReader(p.body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", mediaType)
	req.Header.Set("Authorization", "Bearer "+p.token)
	resp, err := transport.RoundTrip(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	if want := fmt.Sprintf(`"accepted":%d,`, benchBatch); resp.StatusCode != http.StatusOK || !bytes.Contains(answer, []byte(want)) {
		return fmt.Errorf("a batch of %d: %s %s", benchBatch, resp.Status, answer)
	}
	return nil
}

// allStored waits until the server has stored every fix that was sent.
func (l *positionLoad) allStored(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	for {
		stored, err := l.server.metric(ctx, "paidan_positions_stored_total")
		if err != nil {
			return err
		}
		if int(stored) == l.sent {
			return nil
		}
		if err := clock.Sleep(ctx, clock.System{}, 50*time.Millisecond); err != nil {
			return fmt.Errorf("%d fixes were taken, %.0f stored: %w", l.sent, stored, err)
		}
	}
}

// cpuMetric is a process's CPU time so far in seconds, children left out.
const cpuMetric = "process_cpu_seconds_total"
