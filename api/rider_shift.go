package api

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/dispatch"
	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/rider"
)

// Shift is a rider's time at work.
type Shift struct {
	ID        id.Shift   `json:"id"`
	RiderID   id.Rider   `json:"rider_id"`
	ZoneID    id.Zone    `json:"zone_id"`
	StartedAt time.Time  `json:"started_at"`
	EndsAt    time.Time  `json:"ends_at" doc:"Planned: after it no new orders come."`
	EndedAt   *time.Time `json:"ended_at"`
	Delivered int        `json:"delivered"`

	EndAskedAt   *time.Time `json:"end_asked_at" doc:"The shift ends with the last drop; no new orders come."`
	BreakAskedAt *time.Time `json:"break_asked_at" doc:"A break begins with the last drop; no new orders come."`
	BreakSince   *time.Time `json:"break_since" doc:"The rider is on a break; no new orders come."`
	BreakUntil   *time.Time `json:"break_until" doc:"The break under way ends by itself then: the zone allows no more in one shift. Null: none is under way, or it lasts as long as the rider likes."`
}

func shiftOf(s rider.Shift) Shift {
	return Shift{s.ID, s.Rider, s.Zone, s.StartedAt.UTC(), s.EndsAt.UTC(), utc(s.EndedAt), s.Delivered, utc(s.EndAskedAt), utc(s.BreakAskedAt), utc(s.BreakSince), utc(s.BreakUntil())}
}

// Me is what a rider's phone shows first.
type Me struct {
	Rider    RiderProfile    `json:"rider"`
	Shift    nullable[Shift] `json:"shift"`
	Presence rider.Presence  `json:"presence" enum:"offline,idle,working,stale"`
	Hours    WorkHours       `json:"hours"`
	Rules    ZoneRules       `json:"rules"`
	Settings Settings        `json:"settings"`
}

// ZoneRules are what the zone's policy lets riders do, for an app to show no button that is always refused.
type ZoneRules struct {
	Shifts   string `json:"shifts" enum:"open,booked" doc:"When a shift may begin: whenever the rider comes, or at a booked time."`
	InZone   bool   `json:"in_zone" doc:"A shift begins in the zone only."`
	GiveBack bool   `json:"give_back" doc:"Orders may be given back before the pickup."`
	HandOver bool   `json:"hand_over" doc:"Colleagues may be asked to take orders over."`
}

// WorkHours is how a rider stands with what the zone allows.
type WorkHours struct {
	TodayS     int        `json:"today_s" doc:"Seconds worked since midnight, breaks left out."`
	BreakDueAt *time.Time `json:"break_due_at" doc:"By then a break should begin; no new orders come that would take longer. Null: none is due."`
	MustEndAt  *time.Time `json:"must_end_at" doc:"By then the shift should end; no new orders come that would take longer. Null: no limit."`
	RestUntil  *time.Time `json:"rest_until" doc:"No shift may begin before. Null: it may."`
	BreakLeftS *int       `json:"break_left_s" doc:"Seconds of break left in this shift, the break under way counted as far as it has come; at 0 the next one is refused (breaks_used). Null: no limit, or off shift."`
}

func hoursOf(h rider.Hours) WorkHours {
	w := WorkHours{int(h.Today / time.Second), utc(h.BreakDueAt), utc(h.EndAt), utc(h.RestUntil), nil}
	if h.BreakLeft != nil {
		w.BreakLeftS = new(int(*h.BreakLeft / time.Second))
	}
	return w
}

func (s *Server) riderMe(ctx context.Context, _ *empty) (*out[Me], error) {
	who := riderOf(ctx)
	me := Me{Settings: s.settings()}
	err := s.db.Read(ctx, who.Tenant, func(tx pgx.Tx) error {
		found, err := rider.GetMany(ctx, tx, who.Tenant, []id.Rider{who.Rider})
		if err != nil {
			return err
		}
		if len(found) == 0 {
			return rider.ErrNotFound
		}
		me.Rider = profileOf(found[0])
		plan, err := rider.GetPlan(ctx, tx, who.Tenant, who.Rider)
		if err != nil {
			return err
		}
		shift, err := rider.ShiftOf(ctx, tx, who.Tenant, who.Rider)
		if err != nil && !errors.Is(err, rider.ErrOffShift) {
			return err
		}
		if err == nil {
			me.Shift = some(shiftOf(shift))
		}
		hours, hoursErr := dispatch.HoursOf(ctx, tx, who.Tenant, who.Rider, s.clock.Now())
		if hoursErr != nil {
			return hoursErr
		}
		me.Hours = hoursOf(hours)
		zone := found[0].Zone
		if me.Shift.v != nil {
			zone = shift.Zone
		}
		policy, err := dispatch.PolicyOf(ctx, tx, who.Tenant, zone)
		if err != nil {
			return err
		}
		me.Rules = ZoneRules{policy.Shifts.Start, policy.Shifts.InZone, policy.GiveBack, policy.HandoverS > 0}
		me.Presence = s.presence(who.Tenant, who.Rider, me.Shift.v != nil, len(plan.Stops))
		return nil
	})
	if err != nil {
		return nil, err
	}
	return answer(me), nil
}

func (s *Server) presence(tenant id.Tenant, who id.Rider, onShift bool, stops int) rider.Presence {
	return rider.PresenceOf(rider.PresenceInput{OnShift: onShift, Stops: stops, Now: s.clock.Now(), Last: s.lastFix(tenant, who)})
}

type startShiftInput struct {
	Body struct {
		EndsAt   time.Time   `json:"ends_at" doc:"When the rider means to stop."`
		Location *geo.LatLng `json:"location,omitempty" nullable:"false" doc:"Where the rider is, to be dispatched before the first position."`
	}
}

// longestShift keeps a mistyped year out of the plans.
const longestShift = 24 * time.Hour

func (s *Server) startShift(ctx context.Context, in *startShiftInput) (*out[Shift], error) {
	who, now := riderOf(ctx), s.clock.Now()
	endsAt := micro(in.Body.EndsAt)
	if !endsAt.After(now) || endsAt.After(now.Add(longestShift)) {
		return nil, invalid(FieldFault{"ends_at", "must lie within the next 24 hours", in.Body.EndsAt.Format(time.RFC3339)})
	}
	shift, already, err := s.dispatch.StartShift(ctx, who.Tenant, who.Rider, endsAt, dispatch.Action{Location: in.Body.Location})
	if err != nil || already {
		return answer(shiftOf(shift)), err
	}
	if at := in.Body.Location; at != nil {
		s.ingest.Accept(ctx, who.Tenant, shift.Zone, who.Rider, who.Vehicle, []rider.Fix{{At: now, LatLng: *at}})
		s.dispatch.RidersChanged(who.Tenant, shift.Zone, []id.Rider{who.Rider})
	}
	return answer(shiftOf(shift)), nil
}

// windInput is how a shift ends, or a break begins.
type windInput struct {
	Body *struct {
		AfterLastDrop bool `json:"after_last_drop,omitempty" doc:"While stops remain, it waits for the last of them to be done, and no new orders come until then. Without it that is has_work."`
	} `required:"false"`
}

func (in *windInput) action() dispatch.Action {
	return dispatch.Action{AfterLastDrop: in.Body != nil && in.Body.AfterLastDrop}
}

func (s *Server) startBreak(ctx context.Context, in *windInput) (*out[Shift], error) {
	who := riderOf(ctx)
	shift, _, err := s.dispatch.StartBreak(ctx, who.Tenant, who.Rider, in.action())
	if err != nil {
		return nil, err
	}
	return answer(shiftOf(shift)), nil
}

func (s *Server) endBreak(ctx context.Context, _ *struct {
	Body *empty `required:"false"`
}) (*out[Shift], error) {
	who := riderOf(ctx)
	shift, _, err := s.dispatch.EndBreak(ctx, who.Tenant, who.Rider, dispatch.Action{})
	if err != nil {
		return nil, err
	}
	return answer(shiftOf(shift)), nil
}

func (s *Server) endShift(ctx context.Context, in *windInput) (*out[Shift], error) {
	who := riderOf(ctx)
	shift, _, err := s.dispatch.EndShift(ctx, who.Tenant, who.Rider, in.action())
	if err != nil {
		return nil, err
	}
	return answer(shiftOf(shift)), nil
}
