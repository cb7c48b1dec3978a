package dispatch

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/dispatch/solver"
	"github.com/paidan/paidan/internal/id"
)

// Report is how the engine decided about one rider in a time, from the explanations of its decisions.
type Report struct {
	Chosen   map[DecisionKind]int // orders that came to the rider
	Compared int                  // orders that went to another rider while this one was among the best that were compared
	ByTerm   map[string]int       // of those, by the term of the cost that spoke most for the other
	NotAble  map[string]int       // of those, by what kept this rider from it: the reasons of explanations (capacity, skills, break, too_long, …)
	Fairness struct {             // orders that went elsewhere than they would have without the zone's fairness
		Gained int // to this rider
		Lost   int // from this rider
	}
}

// ReportOf reads the decisions about a rider in a time: from included, to not. The
// tenant is the transaction's. Explanations are kept for KeepDecisions.
func ReportOf(ctx context.Context, tx pgx.Tx, who id.Rider, from, to time.Time) (Report, error) {
	r := Report{Chosen: make(map[DecisionKind]int), ByTerm: make(map[string]int), NotAble: make(map[string]int)}
	rows, err := tx.Query(ctx, `SELECT order_id, first_at, last_at, round_id, kind, rider_id, reason, detail FROM decisions_about($1, $2, $3, $4)`,
		who, who.String(), from, to)
	if err != nil {
		return r, fmt.Errorf("report on rider %s: %w", who, err)
	}
	ds, err := pgx.CollectRows(rows, scanDecision)
	if err != nil {
		return r, fmt.Errorf("report on rider %s: %w", who, err)
	}
	for i := range ds {
		r.count(&ds[i], who)
	}
	return r, nil
}

func (r *Report) count(d *Decision, who id.Rider) {
	if d.Rider == who {
		r.Chosen[d.Kind]++
		if d.Chosen != nil && fairnessDecided(d) {
			r.Fairness.Gained++
		}
		return
	}
	r.Compared++
	for i := range d.RunnersUp {
		x := &d.RunnersUp[i]
		switch {
		case x.Rider != who:
		case !x.Feasible:
			r.NotAble[x.Reason]++
		case d.Chosen != nil:
			r.ByTerm[dearest(x.Terms, d.Chosen.Terms)]++
			if unfair(*x) < unfair(*d.Chosen) {
				r.Fairness.Lost++
			}
		}
	}
}

// unfair is what a rider would have cost without the zone's fairness.
func unfair(r Ranked) float64 { return r.Cost - r.Terms.Idle - r.Terms.Earned }

// fairnessDecided reports whether somebody else would have been the cheapest without the zone's fairness.
func fairnessDecided(d *Decision) bool {
	for _, x := range d.RunnersUp {
		if x.Feasible && x.Cost >= d.Chosen.Cost && unfair(x) < unfair(*d.Chosen) {
			return true
		}
	}
	return false
}

// dearest is the term by which a rider was dearer than the chosen one the most; "plan" where none was: all orders together cost least so.
func dearest(a, chosen solver.Terms) string {
	name, most := "plan", 0.0
	for _, t := range []struct {
		name string
		more float64
	}{
		{"click_to_door", a.ClickToDoor - chosen.ClickToDoor}, {"late", a.Late - chosen.Late}, {"work", a.Work - chosen.Work}, {"pay", a.Pay - chosen.Pay},
		{"others", a.Others - chosen.Others}, {"position", a.Position - chosen.Position}, {"idle", a.Idle - chosen.Idle}, {"earned", a.Earned - chosen.Earned},
	} {
		if t.more > most {
			name, most = t.name, t.more
		}
	}
	return name
}
