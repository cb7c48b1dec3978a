package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/paidan/paidan/internal/app"
)

type serveCmd struct {
	app.Config
}

func (c *serveCmd) Run(ctx context.Context) error {
	a, err := app.Start(ctx, c.Config, os.Stderr)
	if err != nil {
		return err
	}
	err = c.watch(ctx, a)
	return errors.Join(err, a.Stop(context.WithoutCancel(ctx)))
}

// watch says where the platform is and waits for the end: a signal, or the failure of a part.
func (c *serveCmd) watch(ctx context.Context, a *app.App) error {
	if c.Demo {
		banner, err := a.StartDemo(ctx)
		if err != nil {
			return err
		}
		fmt.Print(banner)
	} else if url := a.URL(); url != "" {
		fmt.Printf("\nPaidan 派单 is up: %s\n\n", url)
	}
	select {
	case <-ctx.Done():
		return nil
	case err := <-a.Failed():
		return err
	}
}
