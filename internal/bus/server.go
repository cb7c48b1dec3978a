package bus

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"strconv"
	"time"

	"github.com/nats-io/nats-server/v2/server"
)

const serverStart = 10 * time.Second

// startServer runs NATS in this process.
func startServer(listen string, log *slog.Logger) (*server.Server, error) {
	o := &server.Options{
		ServerName: "paidan",
		DontListen: listen == "",
		NoSigs:     true, // signals are the program's
		MaxPayload: 8 << 20,
	}
	if listen != "" {
		host, port, err := net.SplitHostPort(listen)
		if err != nil {
			return nil, fmt.Errorf("bus: listen address: %w", err)
		}
		n, err := strconv.Atoi(port)
		if err != nil {
			return nil, fmt.Errorf("bus: listen address: %w", err)
		}
		o.Host, o.Port = host, n
		if n == 0 {
			o.Port = server.RANDOM_PORT
		}
	}
	s, err := server.NewServer(o)
	if err != nil {
		return nil, fmt.Errorf("make the embedded NATS: %w", err)
	}
	s.SetLoggerV2(serverLog{log}, false, false, false)
	s.Start()
	if !s.ReadyForConnections(serverStart) {
		s.Shutdown()
		s.WaitForShutdown()
		return nil, errors.New("the embedded NATS did not start; is its address taken?")
	}
	return s, nil
}

// Addr is where the embedded server listens for other processes, empty when it does not.
func (b *Bus) Addr() string {
	if b.server == nil || b.server.Addr() == nil {
		return ""
	}
	return b.server.Addr().String()
}

func (b *Bus) stopServer() {
	if b.server == nil {
		return
	}
	b.server.Shutdown()
	b.server.WaitForShutdown()
}

// serverLog passes on what the embedded server has to complain about.
type serverLog struct{ log *slog.Logger }

func (l serverLog) Noticef(string, ...any)         {} // its start-up banner
func (l serverLog) Debugf(string, ...any)          {}
func (l serverLog) Tracef(string, ...any)          {}
func (l serverLog) Warnf(format string, v ...any)  { l.log.Warn(fmt.Sprintf(format, v...)) }
func (l serverLog) Errorf(format string, v ...any) { l.log.Error(fmt.Sprintf(format, v...)) }
func (l serverLog) Fatalf(format string, v ...any) { l.log.Error(fmt.Sprintf(format, v...)) }
