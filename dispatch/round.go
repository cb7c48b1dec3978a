package dispatch

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/dispatch/solver"
	"github.com/paidan/paidan/internal/clock"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/internal/pg"
	"github.com/paidan/paidan/order"
)

// Round is the record of one matching batch.
type Round struct {
	ID         id.Round
	Zone       id.Zone
	Term       int64
	Owner      string
	At         time.Time
	Orders     int // open
	Riders     int // who could be planned for
	Offered    int // orders
	Assigned   int // orders
	Held       int
	Unassigned int
	Lost       int // orders whose decision lost a race
	Cost       float64
	Took       time.Duration // on the wall
}

// round runs one: chores, snapshot, pool, problem, plan, commit, explain. pg.ErrLeaseLost ends the tenure.
func (s *Service) round(ctx context.Context, of tenure, state *zoneState) (Round, error) {
	started := clock.StartStopwatch()
	if err := s.chores(ctx, of); err != nil {
		return Round{}, err
	}
	snap, err := s.takeSnapshot(ctx, of.tenant, of.zone, &state.earned)
	if err != nil {
		return Round{}, err
	}
	r := Round{ID: id.NewRound(), Zone: of.zone, Term: of.term, Owner: of.owner, At: snap.At, Orders: len(snap.Orders)}
	if err := s.keepPool(ctx, of, snap); err != nil {
		return Round{}, err
	}
	settled, err := s.settlePool(ctx, of, snap)
	if err != nil {
		return Round{}, err
	}
	ended, err := s.endMeetings(ctx, of, snap)
	if err != nil {
		return Round{}, err
	}
	if settled || ended {
		if snap, err = s.takeSnapshot(ctx, of.tenant, of.zone, &state.earned); err != nil {
			return Round{}, err
		}
	}
	if err := s.expectGivers(ctx, of, snap); err != nil {
		return Round{}, err
	}
	s.ringPool(of, snap, state.rings)
	state.policy, state.due = snap.Zone.Policy, snap.nextDue()
	if err := s.endWork(ctx, of, snap); err != nil {
		return Round{}, err
	}
	if err := s.noticeArrivals(ctx, of, snap, state); err != nil {
		return Round{}, err
	}
	if state.memory.Demand.at == nil {
		if state.memory, err = s.recall(ctx, of.tenant, snap); err != nil {
			return Round{}, err
		}
	}
	in := NewInstance(snap, s.eta.Params(), &state.memory)
	r.Riders = len(in.Riders)
	if waiting := countState(snap.Orders, order.Pending); waiting == 0 {
		state.memory.Tentative, state.diary = nil, newDiary()
		r.Took = started.Elapsed()
		return r, nil // nothing to decide
	}
	budget, cancel := clock.WithTimeout(ctx, s.clock, snap.Zone.Policy.Budget())
	defer cancel()
	d, err := Decide(ctx, snap, in, &state.memory, solver.Options{Seed: 1, Patience: patience, Until: budget.Done()})
	if err != nil {
		return Round{}, err
	}
	r.Cost, state.memory.Tentative = d.Plan.Cost, d.Tentative
	d.Wait = append(d.Wait, snap.pooled()...)
	given, lost, err := s.commit(ctx, of, snap, r.ID, d.Give)
	if err != nil {
		return Round{}, err
	}
	r.Lost = lost
	kind := KindOffered
	if snap.Zone.Policy.Mode == ModeForce {
		kind, r.Assigned = KindAssigned, countAssigned(given)
	} else {
		r.Offered = countAssigned(given)
	}
	for _, w := range d.Wait {
		if w.Reason == ReasonHeld {
			r.Held++
		} else {
			r.Unassigned++
		}
	}
	decisions, err := state.diary.round(in, &d.Plan, r.ID, kind, given, d.Wait)
	if err != nil {
		return Round{}, err
	}
	r.Took = started.Elapsed()
	err = s.db.Tx(ctx, of.tenant, func(tx pgx.Tx) error {
		if err := pg.CheckLease(ctx, tx, of.tenant, of.lease, of.term); err != nil {
			return err
		}
		if err := saveDecisions(ctx, tx, of.tenant, decisions); err != nil {
			return err
		}
		return saveRound(ctx, tx, of.tenant, r)
	})
	return r, err
}

// chores do what the clock is the actor of: breaks end, offers and handovers expire, scheduled orders come due.
func (s *Service) chores(ctx context.Context, of tenure) error {
	return s.tx(ctx, of.tenant, func(t *txn) error {
		if err := pg.CheckLease(ctx, t, of.tenant, of.lease, of.term); err != nil {
			return err
		}
		if err := t.endBreaks(ctx, of.zone); err != nil {
			return err
		}
		if err := t.expireOffers(ctx, of.zone); err != nil {
			return err
		}
		if err := t.expireHandovers(ctx, of.zone); err != nil {
			return err
		}
		due, err := order.DueScheduled(ctx, t, of.tenant, of.zone, t.now)
		if err != nil || len(due) == 0 {
			return err
		}
		if err := t.applyAll(ctx, due, order.Event{Type: order.EventDue, At: t.now, Actor: order.System}); err != nil {
			return err
		}
		t.touch(changes{zone: of.zone, orders: due})
		return nil
	})
}

// patience is how many iterations without improvement end a solve before its budget does: a quiet zone leaves the machine alone.
const patience = 5000

func saveRound(ctx context.Context, tx pgx.Tx, tenant id.Tenant, r Round) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO rounds (tenant_id, id, zone_id, term, owner, at, orders, riders, offered, assigned, held, unassigned, lost, cost, took_us)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
		tenant, r.ID, r.Zone, r.Term, r.Owner, r.At, r.Orders, r.Riders, r.Offered, r.Assigned, r.Held, r.Unassigned, r.Lost, r.Cost, r.Took.Microseconds())
	if err != nil {
		return fmt.Errorf("save round: %w", err)
	}
	return nil
}

// RoundFilter narrows Rounds. After is the id of the last round seen, zero for the first page.
type RoundFilter struct {
	Zone     id.Zone
	From, To time.Time
	After    id.Round
	Limit    int
}

// Rounds lists a zone's rounds, oldest first.
func Rounds(ctx context.Context, tx pgx.Tx, tenant id.Tenant, f RoundFilter) ([]Round, error) {
	rows, err := tx.Query(ctx, `
		SELECT id, zone_id, term, owner, at, orders, riders, offered, assigned, held, unassigned, lost, cost, took_us
		FROM rounds WHERE tenant_id = $1 AND zone_id = $2 AND at >= $3 AND at < $4 AND ($5::uuid IS NULL OR id > $5)
		ORDER BY id LIMIT $6`, tenant, f.Zone, f.From, f.To, f.After, f.Limit)
	if err != nil {
		return nil, fmt.Errorf("rounds: %w", err)
	}
	out, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (Round, error) {
		var r Round
		var us int64
		err := row.Scan(&r.ID, &r.Zone, &r.Term, &r.Owner, &r.At, &r.Orders, &r.Riders, &r.Offered, &r.Assigned, &r.Held, &r.Unassigned, &r.Lost, &r.Cost, &us)
		r.Took = time.Duration(us) * time.Microsecond
		return r, err
	})
	if err != nil {
		return nil, fmt.Errorf("rounds: %w", err)
	}
	return out, nil
}

func countState(orders []order.Order, state order.State) int {
	n := 0
	for _, o := range orders {
		if o.State == state {
			n++
		}
	}
	return n
}

// ForgetRounds deletes the rounds, decisions, noticed arrivals and claims of before a time.
func ForgetRounds(ctx context.Context, tx pgx.Tx, tenant id.Tenant, before time.Time) error {
	for _, q := range []string{
		`DELETE FROM rounds WHERE tenant_id = $1 AND at < $2`,
		`DELETE FROM decisions WHERE tenant_id = $1 AND last_at < $2`,
		`DELETE FROM arrivals WHERE tenant_id = $1 AND noticed_at < $2`,
		`DELETE FROM pool_claims WHERE tenant_id = $1 AND at < $2`,
	} {
		if _, err := tx.Exec(ctx, q, tenant, before); err != nil {
			return fmt.Errorf("forget rounds: %w", err)
		}
	}
	return nil
}
