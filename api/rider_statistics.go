package api

import (
	"context"
	"math"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/dispatch"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/order"
	"github.com/paidan/paidan/rider"
)

// OfferStatistics is how a rider has answered offers, and what follows from it.
type OfferStatistics struct {
	Periods     []OfferPeriod `json:"periods" doc:"The last 7 days and the last 28."`
	Refused     []RefusedHint `json:"refused" doc:"Orders that wait for a rider and that this one is not asked for, for now."`
	RateCounts  bool          `json:"rate_counts" doc:"Whether the acceptance rate changes which offers come. It does not: dispatch does not know it."`
	RefusalS    int           `json:"refusal_s" doc:"Seconds for which the refusal of an order counts in the rider's zone, from the last thing that happened to it."`
	OfferTTLS   int           `json:"offer_ttl_s" doc:"Seconds that the rider's zone gives to answer an offer. One that is not answered counts as refused."`
	ClaimsCount bool          `json:"claims_count" doc:"Whether claims from the pool count in the rate. They do not."`
}

// OfferPeriod counts the offers of some days.
type OfferPeriod struct {
	Days           int      `json:"days"`
	Accepted       int      `json:"accepted"`
	Declined       int      `json:"declined"`
	Expired        int      `json:"expired" doc:"Not answered in time."`
	Withdrawn      int      `json:"withdrawn" doc:"Taken back before they were answered. They don't count."`
	AcceptanceRate *float64 `json:"acceptance_rate" doc:"accepted / (accepted + declined + expired), to three digits; null where there was nothing to answer."`
}

// RefusedHint is an order that the rider is not asked for again before a time.
type RefusedHint struct {
	OrderID id.Order  `json:"order_id"`
	Until   time.Time `json:"until" doc:"Later where something else happens to the order before."`
}

func (s *Server) offerStatistics(ctx context.Context, _ *empty) (*out[OfferStatistics], error) {
	who, now := riderOf(ctx), s.clock.Now()
	j := OfferStatistics{Periods: []OfferPeriod{}, Refused: []RefusedHint{}}
	err := s.db.Read(ctx, who.Tenant, func(tx pgx.Tx) error {
		for _, days := range []int{7, 28} {
			c, err := rider.CountOffers(ctx, tx, who.Tenant, who.Rider, now.AddDate(0, 0, -days), now.AddDate(0, 0, 1))
			if err != nil {
				return err
			}
			p := OfferPeriod{Days: days, Accepted: c.Accepted, Declined: c.Declined, Expired: c.Expired, Withdrawn: c.Withdrawn}
			if n := c.Answered(); n > 0 {
				p.AcceptanceRate = new(math.Round(1000*float64(c.Accepted)/float64(n)) / 1000)
			}
			j.Periods = append(j.Periods, p)
		}
		zone, err := rider.ZoneOf(ctx, tx, who.Tenant, who.Rider)
		if err != nil {
			return err
		}
		policy, err := dispatch.PolicyOf(ctx, tx, who.Tenant, zone)
		if err != nil {
			return err
		}
		j.RefusalS, j.OfferTTLS = policy.RefusalS, policy.OfferTTLS
		refused, err := order.RefusedBy(ctx, tx, who.Tenant, who.Rider)
		for _, r := range refused {
			if until := r.At.Add(policy.Refusal()); r.Zone == zone && until.After(now) {
				j.Refused = append(j.Refused, RefusedHint{r.Order, until.UTC()})
			}
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return answer(j), nil
}
