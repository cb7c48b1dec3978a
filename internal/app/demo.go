package app

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/paidan/paidan/sim/people"
)

// The demo's tenant and log-in are fixed: it holds nothing worth guarding, and the console's address is easier to pass on.
const (
	demoTenant   = "demo"
	demoEmail    = "dispatcher@demo.paidan"
	demoPassword = "paidan-demo"
)

// StartDemo brings the demo city to life. Its people use the public API of this process like anybody else; they leave
// when the process stops. Banner tells how to watch them.
func (a *App) StartDemo(ctx context.Context) (banner string, err error) {
	if err := Bootstrap(ctx, a.database.DB, a.clock, demoTenant, "Demo Firenze", "Europe/Rome", demoEmail, demoPassword); err != nil {
		return "", fmt.Errorf("demo: %w", err)
	}
	city, leave := context.WithCancel(context.WithoutCancel(ctx))
	gone := make(chan struct{})
	go func() {
		defer close(gone)
		err := people.RunCity(city, people.CityOptions{
			URL: a.URL(), Staff: people.Credentials{Tenant: demoTenant, Email: demoEmail, Password: demoPassword},
			Clock: a.clock, StateFile: filepath.Join(a.conf.DataDir, "demo.json"), Seed: 1, Log: a.log.With("component", "demo"),
		})
		if err != nil && !errors.Is(err, context.Canceled) {
			a.fail(fmt.Errorf("demo: %w", err))
		}
	}()
	a.onStop(func(ctx context.Context) error { // before everything else: the city's calls would only fail
		leave()
		select {
		case <-gone:
			return nil
		case <-ctx.Done():
			return errors.New("the demo city did not leave in time")
		}
	})
	return fmt.Sprintf(`
  Paidan 派单 is up, with a demo city around Florence.

    console   %s
    tenant    %s
    e-mail    %s
    password  %s

    rider app %s/rider?at=%.4f,%.4f
    tenant    %s
    phone     %s
    password  %s

  Stop it with Ctrl-C; the data stay in %s.

`, a.URL(), demoTenant, demoEmail, demoPassword, a.URL(), people.CityGuestPlace.Lat, people.CityGuestPlace.Lng,
		demoTenant, people.CityGuestPhone, people.CityRiderPassword, a.conf.DataDir), nil
}
