// Command paidan runs a delivery dispatch platform: the server, its administration, and its simulators.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"github.com/paidan/paidan/internal/app"
)

type cli struct {
	Serve    serveCmd    `cmd:"" help:"Run the platform: API, console, dispatch, jobs."`
	Migrate  migrateCmd  `cmd:"" help:"Bring a database's schema up to date."`
	Admin    adminCmd    `cmd:"" help:"Create tenants, users, keys and zones; check the books."`
	Replay   replayCmd   `cmd:"" help:"Send a recorded day through the public API and report how it was dispatched."`
	Sim      simCmd      `cmd:"" help:"Play days on the engine's own decisions, without a server."`
	Backtest backtestCmd `cmd:"" help:"Play a zone's recorded days again under another policy and report the differences."`
	Bench    benchCmd    `cmd:"" help:"Measure parts of the platform on this machine."`
	Version  versionCmd  `cmd:"" help:"Print the version."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var c cli
	k := kong.Parse(&c, append(options(), kong.BindTo(ctx, (*context.Context)(nil)))...)
	for _, name := range strangers(k.Model.Node, os.Environ()) {
		fmt.Fprintf(os.Stderr, "paidan: %s is set, but there is no such setting\n", name)
	}
	err := k.Run()
	var exit exitError
	switch {
	case errors.As(err, &exit):
		os.Exit(int(exit))
	case err != nil:
		fmt.Fprintln(os.Stderr, "paidan:", err)
		os.Exit(1)
	}
}

func options() []kong.Option {
	return []kong.Option{
		kong.Name("paidan"),
		kong.Description("Paidan 派单: real-time delivery dispatch that you run yourself.\n\nEvery flag is also a variable: --data-dir is PAIDAN_DATA_DIR."),
		kong.DefaultEnvars("PAIDAN"),
		kong.Vars{"data_dir": app.DefaultDataDir(), "bench_sizes": benchSizes(), "key_scopes": keyScopes()},
		kong.ShortUsageOnError(),
	}
}

// strangers are variables that look like settings but are none, so that a typing error is not silence.
func strangers(root *kong.Node, environ []string) []string {
	known := map[string]bool{
		"PAIDAN_DATA": true, "PAIDAN_LONG": true, "PAIDAN_TEST_DATABASE_URL": true, // the tests'
		"PAIDAN_PORT": true, // Kubernetes makes it, and others below, for a service called paidan
	}
	_ = kong.Visit(root, func(n kong.Visitable, next kong.Next) error { // fails only when next does
		if f, ok := n.(*kong.Flag); ok {
			for _, name := range f.Envs {
				known[name] = true
			}
		}
		return next(nil)
	})
	var out []string
	for _, kv := range environ {
		name, _, _ := strings.Cut(kv, "=")
		if strings.HasPrefix(name, "PAIDAN_") && !known[name] && !strings.HasPrefix(name, "PAIDAN_PORT_") && !strings.HasPrefix(name, "PAIDAN_SERVICE_") {
			out = append(out, name)
		}
	}
	return out
}

// exitError ends the process with a status after everything has been said.
type exitError int

func (e exitError) Error() string { return fmt.Sprintf("exit status %d", int(e)) }
