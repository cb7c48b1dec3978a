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
	"strconv"
	"sync"
	"time"

	"github.com/paidan/paidan/client"
)

// benchConsole watches the zone's stream and notes how old the fixes are that come along.
type benchConsole struct {
	stop  func()
	ended chan struct{}

	mu    sync.Mutex
	since time.Time // fixes from then on count; zero: none
	delay *client.Histogram
	err   error
}

// openBenchConsole logs in and reads on until close; it returns with the first snapshot.
func openBenchConsole(ctx context.Context, url string, t *benchTown) (*benchConsole, error) {
	login, err := json.Marshal(map[string]string{"tenant": "bench", "email": t.email, "password": t.password})
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url+"/v1/console/login", bytes.NewReader(login))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("X-Paidan-Console", "1")
	answer, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	if len(answer.Cookies()) == 0 {
		return nil, fmt.Errorf("console log-in: %s", answer.Status)
	}
	ctx, stop := context.WithCancel(ctx)
	c := &benchConsole{stop: stop, ended: make(chan struct{}), delay: new(client.Histogram)}
	if req, err = http.NewRequestWithContext(ctx, http.MethodGet, url+"/v1/console/stream?zone_id="+t.city.zone.String(), nil); err != nil {
		return nil, err
	}
	req.AddCookie(answer.Cookies()[0])
	stream, err := http.DefaultClient.Do(req)
	if err != nil {
		stop()
		return nil, err
	}
	if stream.StatusCode != http.StatusOK {
		stop()
		return nil, errors.Join(fmt.Errorf("console stream: %s", stream.Status), stream.Body.Close())
	}
	shown := make(chan struct{})
	go c.follow(stream.Body, shown)
	select {
	case <-shown:
		return c, nil
	case <-c.ended:
		return nil, c.err
	}
}

func (c *benchConsole) follow(body io.ReadCloser, shown chan<- struct{}) {
	defer close(c.ended)
	defer body.Close()
	in := bufio.NewReaderSize(body, 1<<20)
	event := ""
	for {
		line, err := in.ReadBytes('\n')
		if err != nil {
			c.mu.Lock()
			c.err = fmt.Errorf("the console's stream ended: %w", err)
			c.mu.Unlock()
			return
		}
		if name, ok := bytes.CutPrefix(line, []byte("event: ")); ok {
			event = string(bytes.TrimSpace(name))
		} else if data, ok := bytes.CutPrefix(line, []byte("data: ")); ok {
			switch event {
			case "snapshot":
				close(shown)
			case "positions":
				c.note(data, time.Now())
			}
		}
	}
}

// note counts the fixes of an event, each [rider, lat, lng, heading, time in ms].
func (c *benchConsole) note(data []byte, now time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.since.IsZero() {
		return
	}
	var moved struct {
		P [][5]json.RawMessage `json:"p"`
	}
	if c.err = json.Unmarshal(data, &moved); c.err != nil {
		return
	}
	for _, p := range moved.P {
		at, err := strconv.ParseInt(string(p[4]), 10, 64)
		if err != nil {
			c.err = err
			return
		}
		if sent := time.UnixMilli(at); !sent.Before(c.since) {
			c.delay.Add(now.Sub(sent))
		}
	}
}

// measure counts the fixes sent from now on.
func (c *benchConsole) measure() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.since = time.Now()
}

// measured ends the counting.
func (c *benchConsole) measured() (*client.Histogram, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.since = time.Time{}
	return c.delay, c.err
}

func (c *benchConsole) close() {
	c.stop()
	<-c.ended
}
