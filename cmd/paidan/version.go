package main

import (
	"context"
	"fmt"
	"os"
	"runtime/debug"

	"github.com/paidan/paidan/internal/app"
	"github.com/paidan/paidan/internal/pg"
)

type versionCmd struct{}

func (versionCmd) Run() error { //nolint:unparam // kong wants one
	version := "development"
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		version = info.Main.Version
	}
	fmt.Println("paidan", version)
	return nil
}

type migrateCmd struct {
	DatabaseURL string `required:"" help:"The PostgreSQL to bring up to date, as its owner." placeholder:"URL"`
}

func (c *migrateCmd) Run(ctx context.Context) error {
	return pg.Migrate(ctx, c.DatabaseURL, app.NewLogger(os.Stderr, "text", "info"))
}
