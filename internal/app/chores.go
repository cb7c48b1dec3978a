package app

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/api"
	"github.com/paidan/paidan/dispatch"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/internal/jobs"
	"github.com/paidan/paidan/internal/sms"
	"github.com/paidan/paidan/ledger"
	"github.com/paidan/paidan/order"
	"github.com/paidan/paidan/rider"
	"github.com/paidan/paidan/webhook"
)

// The chores that come due by the wall clock. Each is a unique job, so two nodes don't do it twice.
type (
	positionDays struct{} // day partitions: the coming ones made, the old ones dropped
	forget       struct{} // sessions, riders' acts, routes of old offers, idempotency keys, quotes, webhooks' logs, rounds and decisions past their time
	erase        struct{} // customers and pictures of orders that ended long ago
	closeDays    struct{} // days that are over, each in its tenant's time zone, settled
	remind       struct{} // riders told of the shifts that they have booked
)

func (positionDays) Kind() string { return "position_days" }
func (forget) Kind() string       { return "forget" }
func (erase) Kind() string        { return "erase" }
func (closeDays) Kind() string    { return "close_days" }
func (remind) Kind() string       { return "remind" }

// Policy has the next minute's take over from one that failed.
func (remind) Policy() jobs.Policy { return jobs.Policy{Delays: []time.Duration{0}} }

func (a *App) startJobs(ctx context.Context, service *dispatch.Service) error {
	if a.texts != nil {
		gateway, err := sms.New(a.conf.SMSURL, a.conf.SMSSecret, a.clock, a.log)
		if err != nil {
			return err
		}
		a.texts.Send(gateway)
	}
	jobs.Handle(a.jobs, func(ctx context.Context, _ positionDays) error {
		now := a.clock.Now()
		if err := rider.EnsurePartitions(ctx, a.database.DB, now); err != nil {
			return err
		}
		return rider.DropPartitions(ctx, a.database.DB, now.AddDate(0, 0, -a.conf.PositionDays))
	})
	jobs.Handle(a.jobs, func(ctx context.Context, _ forget) error { return a.forget(ctx) })
	jobs.Handle(a.jobs, func(ctx context.Context, _ erase) error { return a.erase(ctx) })
	jobs.Handle(a.jobs, func(ctx context.Context, _ closeDays) error { return a.closeDays(ctx) })
	jobs.Handle(a.jobs, func(ctx context.Context, _ remind) error { return a.remind(ctx, service) })
	// Days are closed ten minutes after the hour and the half, for the sake of time zones that are off by one.
	for spec, args := range map[string]jobs.Args{"15 * * * *": positionDays{}, "45 * * * *": forget{}, "25 * * * *": erase{}, "10,40 * * * *": closeDays{}, "* * * * *": remind{}} {
		if err := a.jobs.Cron(spec, args); err != nil {
			return err
		}
	}
	if err := a.jobs.Start(ctx); err != nil {
		return err
	}
	a.onStop(a.jobs.Stop)
	return nil
}

// forget deletes, tenant by tenant, what nobody may or need read any more.
func (a *App) forget(ctx context.Context) error {
	tenants, err := Tenants(ctx, a.database.DB)
	if err != nil {
		return err
	}
	now := a.clock.Now()
	for _, t := range tenants {
		err := a.database.DB.Tx(ctx, t, func(tx pgx.Tx) error {
			for _, delete := range []func(context.Context, pgx.Tx, id.Tenant, time.Time) error{api.ForgetKeys, api.ForgetSessions, order.ForgetQuotes, rider.ForgetDevices, api.ForgetSignedOut, rider.ForgetActions, rider.ForgetRoutes, rider.ForgetLines, webhook.Forget} {
				if err := delete(ctx, tx, t, now); err != nil {
					return err
				}
			}
			return dispatch.ForgetRounds(ctx, tx, t, now.Add(-dispatch.KeepDecisions))
		})
		if err != nil {
			return fmt.Errorf("forget of tenant %s: %w", t, err)
		}
	}
	return nil
}

// erase deletes, tenant by tenant, what orders tell of their customers and show in pictures, once it has been kept long enough. One
// tenant's trouble does not keep the others waiting.
func (a *App) erase(ctx context.Context) error {
	tenants, err := Tenants(ctx, a.database.DB)
	if err != nil {
		return err
	}
	now := a.clock.Now()
	var errs []error
	for _, t := range tenants {
		errs = append(errs,
			order.EraseBefore(ctx, a.database.DB, t, now.AddDate(0, 0, -a.conf.CustomerDays), now),
			order.ErasePictures(ctx, a.database.DB, t, a.files, now.AddDate(0, 0, -a.conf.ProofDays)))
	}
	return errors.Join(errs...)
}

// closeDays settles, tenant by tenant; one tenant's trouble does not keep the others waiting.
func (a *App) closeDays(ctx context.Context) error {
	tenants, err := Tenants(ctx, a.database.DB)
	if err != nil {
		return err
	}
	var errs []error
	for _, t := range tenants {
		days, err := ledger.CloseDays(ctx, a.database.DB, t, a.clock.Now())
		if len(days) > 0 {
			a.log.InfoContext(ctx, "days settled", "component", "ledger", "tenant", t, "first", days[0], "last", days[len(days)-1])
		}
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// remind tells riders of their shifts, tenant by tenant; one tenant's trouble does not keep the others waiting.
func (a *App) remind(ctx context.Context, service *dispatch.Service) error {
	tenants, err := Tenants(ctx, a.database.DB)
	if err != nil {
		return err
	}
	var errs []error
	for _, t := range tenants {
		errs = append(errs, service.Remind(ctx, t))
	}
	return errors.Join(errs...)
}
