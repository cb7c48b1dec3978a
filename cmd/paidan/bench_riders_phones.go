package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/paidan/paidan/client"
	"github.com/paidan/paidan/internal/clock"
	"github.com/paidan/paidan/rider"
)

const (
	// benchMaxShare is how many streams the server lets a connection have.
	benchMaxShare = 250
	// benchOpening is how many streams are opened at once.
	benchOpening = 64
	// benchPosters is how many requests may be under way at once, each on a connection that stays open, as from a proxy.
	benchPosters = 256
	// benchSources is how many addresses the phones come from (127.0.0.2 on): each has some 28,000 ports.
	benchSources = 8
)

// benchPhones are the riders' phones.
type benchPhones struct {
	url        string
	address    string
	town       *benchTown
	transports []*http.Transport // for streams
	share      int

	endStreams context.CancelFunc
	reading    sync.WaitGroup
	open       atomic.Int64
	ending     atomic.Bool // streams that end now are meant to

	measuring     atomic.Bool
	late, answers *client.Histogram
	errs          atomic.Int64
	firstErr      atomic.Pointer[string]
}

func newBenchPhones(server string, t *benchTown, share int) (*benchPhones, error) {
	u, err := url.Parse(server)
	if err != nil {
		return nil, err
	}
	p := &benchPhones{url: server, address: u.Host, town: t, share: share, late: new(client.Histogram), answers: new(client.Histogram)}
	transports := benchSources
	if share > 1 {
		transports = (len(t.tokens) + share - 1) / share // each keeps to one connection
	}
	for i := range transports {
		from := &net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, byte(2+i%benchSources))}}
		tr := &http.Transport{DialContext: from.DialContext, DisableCompression: true}
		if share > 1 {
			tr.Protocols = new(http.Protocols)
			tr.Protocols.SetUnencryptedHTTP2(true)
		}
		p.transports = append(p.transports, tr)
	}
	return p, nil
}

func (p *benchPhones) close() {
	p.ending.Store(true)
	if p.endStreams != nil {
		p.endStreams()
	}
	p.reading.Wait()
	for _, tr := range p.transports {
		tr.CloseIdleConnections()
	}
}

// streams is how many are open now.
func (p *benchPhones) streams() int { return int(p.open.Load()) }

func (p *benchPhones) fail(err error) {
	p.errs.Add(1)
	text := err.Error()
	p.firstErr.CompareAndSwap(nil, &text)
}

func (p *benchPhones) failed() (n int64, first string) {
	if text := p.firstErr.Load(); text != nil {
		first = *text
	}
	return p.errs.Load(), first
}

// openStreams opens all streams and waits for their snapshots; they are read until close.
func (p *benchPhones) openStreams(ctx context.Context) error {
	var life context.Context
	life, p.endStreams = context.WithCancel(ctx)
	var g errgroup.Group
	g.SetLimit(benchOpening)
	for i := range p.town.tokens {
		g.Go(func() error { return p.openStream(life, i) })
	}
	return g.Wait()
}

func (p *benchPhones) openStream(ctx context.Context, i int) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, p.url+"/v1/rider/stream", nil)
	if err != nil {
		return err
	}
	req.Header.Set("Authorization", "Bearer "+p.town.tokens[i])
	tr := p.transports[i%len(p.transports)]
	if p.share > 1 {
		tr = p.transports[i/p.share]
	}
	resp, err := tr.RoundTrip(req)
	if err != nil {
		return fmt.Errorf("stream %d: %w", i+1, err)
	}
	buf := make([]byte, 512)
	n, err := io.ReadAtLeast(resp.Body, buf, 32)
	if resp.StatusCode != http.StatusOK || err != nil || !bytes.Contains(buf[:n], []byte("event: snapshot")) {
		return errors.Join(fmt.Errorf("stream %d: %s %s: %w", i+1, resp.Status, buf[:n], err), resp.Body.Close())
	}
	p.open.Add(1)
	p.reading.Go(func() {
		defer resp.Body.Close()
		defer p.open.Add(-1)
		for {
			if _, err := resp.Body.Read(buf); err != nil {
				if !p.ending.Load() {
					p.fail(fmt.Errorf("stream: %w", err))
				}
				return
			}
		}
	})
	return nil
}

// ride has every rider send a fix every 5 s, all evenly spread, until ctx is done.
func (p *benchPhones) ride(ctx context.Context) error {
	var g errgroup.Group
	begin := time.Now()
	each := benchEvery / time.Duration(len(p.town.tokens))
	for k := range benchPosters {
		g.Go(func() error {
			sender := &benchSender{phones: p, from: &net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 0, 0, byte(2+k%benchSources))}}}
			defer sender.close()
			city := p.town.city.part(uint64(k))
			for round := 0; ; round++ {
				for i := k; i < len(p.town.tokens); i += benchPosters {
					due := begin.Add(time.Duration(round)*benchEvery + time.Duration(i)*each)
					if clock.Sleep(ctx, clock.System{}, time.Until(due)) != nil {
						return nil
					}
					fix := city.ride(i, 1, sender.fixes[:0])
					at := time.Now()
					fix[0].At = at.UTC()
					if err := sender.send(ctx, p.town.tokens[i], fix); err != nil {
						if ctx.Err() == nil {
							p.fail(err)
						}
					} else if p.measuring.Load() {
						p.late.Add(at.Sub(due))
						p.answers.Add(time.Since(at))
					}
				}
			}
		})
	}
	return g.Wait()
}

// measure begins or ends the counting.
func (p *benchPhones) measure(on bool) { p.measuring.Store(on) }

// benchSender sends one request after the other on a connection that it keeps; a client as cheap as can be, because it runs on the server's cores.
type benchSender struct {
	phones *benchPhones
	from   *net.Dialer
	conn   net.Conn
	in     *bufio.Reader
	out    []byte
	body   []byte
	fixes  []rider.Fix
}

func (s *benchSender) close() {
	if s.conn != nil {
		_ = s.conn.Close() // whatever was wrong with it has been told
		s.conn = nil
	}
}

func (s *benchSender) send(ctx context.Context, token string, fixes []rider.Fix) (err error) {
	if s.conn == nil {
		if s.conn, err = s.from.DialContext(ctx, "tcp", s.phones.address); err != nil {
			return err
		}
		s.in = bufio.NewReader(s.conn)
	}
	f := fixes[0]
	s.body = append(strconv.AppendInt(append(s.body[:0], `{"fixes":[{"seq":`...), f.Seq, 10), `,"at":"`...)
	s.body = append(f.At.AppendFormat(s.body, "2006-01-02T15:04:05.000Z"), `","lat":`...)
	s.body = append(strconv.AppendFloat(s.body, f.Lat, 'f', 6, 64), `,"lng":`...)
	s.body = append(strconv.AppendFloat(s.body, f.Lng, 'f', 6, 64), `,"accuracy_m":8,"speed_mps":5}]}`...)
	s.out = append(append(s.out[:0], "POST /v1/rider/positions HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\nAuthorization: Bearer "...), token...)
	s.out = append(strconv.AppendInt(append(s.out, "\r\nContent-Length: "...), int64(len(s.body)), 10), "\r\n\r\n"...)
	s.out = append(s.out, s.body...)
	defer func() {
		if err != nil {
			s.close() // the next request begins anew
		}
	}()
	if _, err := s.conn.Write(s.out); err != nil {
		return err
	}
	resp, err := http.ReadResponse(s.in, nil)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err == nil && (resp.StatusCode != http.StatusOK || !bytes.Contains(answer, []byte(`"accepted":1,`))) {
		err = fmt.Errorf("a fix: %s %s", resp.Status, answer)
	}
	return err
}
