package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/paidan/paidan/internal/clock"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/rider"
)

// redisRate is what Redis does for the same riders, in its own CPU time.
type redisRate struct {
	Version  string  `json:"version"`
	UpdateUS float64 `json:"update_us"` // GEOADD
	SearchUS float64 `json:"search_us"` // GEOSEARCH, nearest 20 within 3 km
}

// redisPipeline is how many commands travel together.
const redisPipeline = 500

// redis measures a Redis of its own beside ours, where there is one on the machine.
func (r *positionsReport) redis(ctx context.Context, progress io.Writer, limit time.Duration) (err error) {
	path, err := exec.LookPath("redis-server")
	if err != nil {
		r.RedisMissing = "redis-server is not installed (make bench-redis does it on Debian)"
		return nil
	}
	fmt.Fprintln(progress, "Redis…")
	dir, err := os.MkdirTemp("", "paidan-redis-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	socket := filepath.Join(dir, "s")
	server := exec.CommandContext(ctx, path, "--port", "0", "--unixsocket", socket, "--save", "", "--appendonly", "no", "--dir", dir)
	server.SysProcAttr = ownGroup()
	if err := server.Start(); err != nil {
		return err
	}
	defer func() {
		_ = server.Process.Kill()
		_ = server.Wait() // killed, so it fails
	}()
	c, err := dialRedis(ctx, socket)
	if err != nil {
		return err
	}
	defer c.conn.Close()

	out := &redisRate{}
	if out.Version, err = c.info("redis_version"); err != nil {
		return err
	}
	city := newBenchCity(r.Riders, id.NewTenant(), id.NewZone(), time.Now().UTC())
	var fixes []rider.Fix
	next := 0
	add := func() []string {
		who := next % len(city.riders)
		next++
		fixes = city.ride(who, 1, fixes[:0])
		return []string{"GEOADD", "riders", degrees(fixes[0].Lng), degrees(fixes[0].Lat), city.riders[who].id.UUID().String()}
	}
	search := func() []string {
		next++
		at := city.riders[next%500].place
		return []string{"GEOSEARCH", "riders", "FROMLONLAT", degrees(at.Lng), degrees(at.Lat), "BYRADIUS", "3", "km", "ASC", "COUNT", "20", "WITHDIST"}
	}
	for next < len(city.riders) { // everybody is somewhere
		if err := c.pipeline(redisPipeline, add); err != nil {
			return err
		}
	}
	if out.UpdateUS, err = c.micros(redisPipeline, limit, add); err != nil {
		return err
	}
	if out.SearchUS, err = c.micros(20, limit, search); err != nil {
		return err
	}
	r.Redis = out
	r.Ratios = &positionRatios{Update: out.UpdateUS / r.InProcess[0].MicrosPerFix, Search: out.SearchUS / r.Nearest.AloneUS}
	return nil
}

func degrees(x float64) string { return strconv.FormatFloat(x, 'f', 7, 64) }

// redisConn speaks as much of Redis's protocol (RESP2) as it takes.
type redisConn struct {
	conn net.Conn
	in   *bufio.Reader
	out  *bufio.Writer
}

func dialRedis(ctx context.Context, socket string) (*redisConn, error) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	for {
		conn, err := (&net.Dialer{}).DialContext(ctx, "unix", socket)
		if err == nil {
			return &redisConn{conn, bufio.NewReader(conn), bufio.NewWriter(conn)}, nil
		}
		if clock.Sleep(ctx, clock.System{}, 20*time.Millisecond) != nil {
			return nil, fmt.Errorf("start Redis: %w", err)
		}
	}
}

// micros has commands done for some time and returns how much CPU time each took Redis.
func (c *redisConn) micros(together int, limit time.Duration, command func() []string) (float64, error) {
	before, err := c.cpu()
	if err != nil {
		return 0, err
	}
	n := 0
	for begin := time.Now(); time.Since(begin) < limit; n += together {
		if err := c.pipeline(together, command); err != nil {
			return 0, err
		}
	}
	after, err := c.cpu()
	return (after - before) * 1e6 / float64(n), err
}

// pipeline sends some commands and reads all answers.
func (c *redisConn) pipeline(n int, command func() []string) error {
	for range n {
		c.write(command())
	}
	if err := c.out.Flush(); err != nil {
		return err
	}
	for range n {
		if _, err := c.read(); err != nil {
			return err
		}
	}
	return nil
}

func (c *redisConn) write(words []string) { // errors show at Flush
	fmt.Fprintf(c.out, "*%d\r\n", len(words))
	for _, w := range words {
		fmt.Fprintf(c.out, "$%d\r\n%s\r\n", len(w), w)
	}
}

// read reads an answer and returns its text; of an array it returns the last.
func (c *redisConn) read() (string, error) {
	line, err := c.in.ReadString('\n')
	if err != nil {
		return "", err
	}
	line = strings.TrimSuffix(line, "\r\n")
	switch line[0] {
	case '-':
		return "", errors.New("Redis: " + line[1:])
	case '$', '*':
		n, err := strconv.Atoi(line[1:])
		if err != nil || n < 0 {
			return "", err
		}
		if line[0] == '*' {
			var last string
			for range n {
				if last, err = c.read(); err != nil {
					return "", err
				}
			}
			return last, nil
		}
		text := make([]byte, n+2)
		_, err = io.ReadFull(c.in, text)
		return string(text[:n]), err
	}
	return line[1:], nil
}

// info reads a field of INFO.
func (c *redisConn) info(field string) (string, error) {
	c.write([]string{"INFO", "everything"})
	if err := c.out.Flush(); err != nil {
		return "", err
	}
	text, err := c.read()
	if err != nil {
		return "", err
	}
	for line := range strings.SplitSeq(text, "\r\n") {
		if value, ok := strings.CutPrefix(line, field+":"); ok {
			return value, nil
		}
	}
	return "", fmt.Errorf("no %s in what Redis tells", field)
}

// cpu is Redis's CPU time so far, in seconds.
func (c *redisConn) cpu() (sum float64, err error) {
	for _, field := range []string{"used_cpu_user", "used_cpu_sys"} {
		text, err := c.info(field)
		if err != nil {
			return 0, err
		}
		x, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return 0, err
		}
		sum += x
	}
	return sum, nil
}
