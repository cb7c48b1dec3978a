// Command paidan runs a delivery dispatch platform: the server, its administration, and its simulators.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/alecthomas/kong"

	"github.com/paidan/paidan/internal/app"
)

type cli struct {
	Serve   serveCmd   `cmd:"" help:"Run the platform: API, console, dispatch, jobs."`
	Migrate migrateCmd `cmd:"" help:"Bring a database's schema up to date."`
	Admin   adminCmd   `cmd:"" help:"Create tenants, users, keys and zones; check the books."`
	Replay  replayCmd  `cmd:"" help:"Send a recorded day through the public API and report how it was dispatched."`
	Version versionCmd `cmd:"" help:"Print the version."`
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	var c cli
	k := kong.Parse(&c,
		kong.Name("paidan"),
		kong.Description("Paidan 派单: real-time delivery dispatch that you run yourself.\n\nEvery flag is also a variable: --data-dir is PAIDAN_DATA_DIR."),
		kong.DefaultEnvars("PAIDAN"),
		kong.Vars{"data_dir": app.DefaultDataDir()},
		kong.ShortUsageOnError(),
		kong.BindTo(ctx, (*context.Context)(nil)),
	)
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

// exitError ends the process with a status after everything has been said.
type exitError int

func (e exitError) Error() string { return fmt.Sprintf("exit status %d", int(e)) }
