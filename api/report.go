package api

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/dispatch"
	"github.com/paidan/paidan/internal/clock"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/internal/pg"
	"github.com/paidan/paidan/ledger"
	"github.com/paidan/paidan/rider"
)

// MonthReport is how automated decisions went for one rider in a month. Regulation (EU) 2024/2831 (platform work) and China's provisions on
// algorithmic recommendation (2022) give riders a right to know.
type MonthReport struct {
	RiderID   id.Rider       `json:"rider_id"`
	Month     string         `json:"month" doc:"Of the company's time zone."`
	From      time.Time      `json:"from"`
	To        time.Time      `json:"to" doc:"Not included."`
	Offers    ReportOffers   `json:"offers"`
	Claims    map[string]int `json:"claims" doc:"From the pool: how they ended, and why (won first, won best, lost taken, …)."`
	Decisions ReportChoices  `json:"decisions"`
	Earned    []Earned       `json:"earned" doc:"By currency. It is the sum of the month's statement, and the ledger's."`
	Zone      ReportZone     `json:"zone"`
	How       ReportWords    `json:"how" doc:"How the decisions are made, in words."`
}

// ReportOffers counts the offers made to the rider.
type ReportOffers struct {
	Accepted  int            `json:"accepted"`
	Declined  int            `json:"declined"`
	Expired   int            `json:"expired" doc:"Not answered in time."`
	Withdrawn int            `json:"withdrawn" doc:"Taken back before they were answered."`
	Reasons   map[string]int `json:"reasons" doc:"Of those declined, by the reason that was given; an empty name: none was."`
}

// ReportChoices counts decisions about orders, from the explanations that were kept of them.
type ReportChoices struct {
	From     time.Time      `json:"from" doc:"Since when they are known: explanations are kept for 90 days."`
	Chosen   map[string]int `json:"chosen" doc:"Orders that came to the rider: offered, assigned (told) or claimed."`
	Compared int            `json:"compared" doc:"Orders that went to another rider while this one was among the best."`
	ByTerm   map[string]int `json:"by_term" doc:"Of those, by what spoke most for the other: click_to_door (the customer would have waited longer), late, work (a longer way), pay, others (the rider's other customers), position (where the rider ends up), idle and earned (the zone's fairness), or plan (for this order alone the rider was as good; for all orders together the other was better)."`
	NotAble  map[string]int `json:"not_able" doc:"Of those, by what kept the rider from the order: capacity, skills, vehicle, refused, break, too_long and so on."`
	Gained   int            `json:"gained" doc:"Orders that came to the rider because the zone shares work and earnings."`
	Lost     int            `json:"lost" doc:"Orders that went to another for that."`
}

// ReportZone is by which rules decisions are made in the rider's zone now.
type ReportZone struct {
	ID     id.Zone         `json:"id"`
	Policy dispatch.Policy `json:"policy"`
}

// ReportMonth is a month in a path.
type ReportMonth struct {
	Month string `path:"month" pattern:"^20[0-9]{2}-(0[1-9]|1[0-2])$" doc:"A month, like 2026-03."`
}

type consoleReportQuery struct {
	ByRider
	ReportMonth
}

func (s *Server) riderReport(ctx context.Context, in *ReportMonth) (*out[MonthReport], error) {
	return s.monthReport(ctx, riderOf(ctx).Tenant, riderOf(ctx).Rider, in.Month)
}

func (s *Server) consoleReport(ctx context.Context, in *consoleReportQuery) (*out[MonthReport], error) {
	return s.monthReport(ctx, staffOf(ctx).Tenant, in.ID, in.Month)
}

func (s *Server) monthReport(ctx context.Context, tenant id.Tenant, who id.Rider, month string) (*out[MonthReport], error) {
	if _, err := rider.Get(ctx, s.db, tenant, who); err != nil {
		return nil, err
	}
	j := MonthReport{RiderID: who, Month: month, Earned: []Earned{}, How: howDecided}
	err := s.db.Read(ctx, tenant, func(tx pgx.Tx) error {
		in, err := pg.TimeZone(ctx, tx, tenant)
		if err != nil {
			return err
		}
		first, err := time.ParseInLocation("2006-01", month, in)
		if err != nil {
			return invalid(FieldFault{"path.month", "must be a month like 2026-03", month})
		}
		j.From, j.To = first.UTC(), first.AddDate(0, 1, 0).UTC()
		if j.From.After(s.clock.Now()) {
			return invalid(FieldFault{"path.month", "must not be in the future", month})
		}
		if err := s.readChoices(ctx, tx, tenant, who, &j); err != nil {
			return err
		}
		entries, err := ledger.Statement(ctx, tx, tenant, who, ledger.DayOf(j.From, in), ledger.DayOf(j.To.Add(-time.Nanosecond), in), in)
		if err != nil {
			return err
		}
		for _, e := range entries {
			j.Earned = earn(j.Earned, e)
		}
		if j.Zone.ID, err = rider.ZoneOf(ctx, tx, tenant, who); err != nil {
			return err
		}
		j.Zone.Policy, err = dispatch.PolicyOf(ctx, tx, tenant, j.Zone.ID)
		return err
	})
	if err != nil {
		return nil, err
	}
	return answer(j), nil
}

// readChoices fills in what was offered and decided.
func (s *Server) readChoices(ctx context.Context, tx pgx.Tx, tenant id.Tenant, who id.Rider, j *MonthReport) error {
	c, err := rider.CountOffers(ctx, tx, tenant, who, j.From, j.To)
	if err != nil {
		return err
	}
	j.Offers = ReportOffers{Accepted: c.Accepted, Declined: c.Declined, Expired: c.Expired, Withdrawn: c.Withdrawn}
	if j.Offers.Reasons, j.Claims, err = rider.Reasons(ctx, tx, tenant, who, j.From, j.To); err != nil {
		return err
	}
	r, err := dispatch.ReportOf(ctx, tx, who, j.From, j.To)
	if err != nil {
		return err
	}
	j.Decisions = ReportChoices{
		From: clock.Later(j.From, s.clock.Now().Add(-dispatch.KeepDecisions)).UTC(), Chosen: make(map[string]int, len(r.Chosen)), Compared: r.Compared,
		ByTerm: r.ByTerm, NotAble: r.NotAble, Gained: r.Fairness.Gained, Lost: r.Fairness.Lost,
	}
	for kind, n := range r.Chosen {
		j.Decisions.Chosen[string(kind)] = n
	}
	return nil
}
