package api

import (
	"context"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/dispatch"
	"github.com/paidan/paidan/internal/geo"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/order"
	"github.com/paidan/paidan/rider"
)

// Handover is orders that one rider gives to another, who agrees.
type Handover struct {
	ID           id.Handover            `json:"id"`
	State        rider.HandoverState    `json:"state" enum:"open,accepted,done,declined,expired,cancelled,overtaken" doc:"open: the taker is asked. accepted: the orders are on board, and the two have yet to meet. done: the orders are the taker's. overtaken: they ended, or went elsewhere. The last five are final."`
	Giver        HandoverRider          `json:"giver" doc:"Who has the orders."`
	Taker        HandoverRider          `json:"taker" doc:"Who is asked to take them over."`
	OrderIDs     []id.Order             `json:"order_ids" doc:"Those that wait to change hands; once it has ended, those that it was about."`
	ByDispatcher bool                   `json:"by_dispatcher" doc:"A dispatcher asked, not the giver."`
	Reason       string                 `json:"reason"`
	Meet         nullable[HandoverMeet] `json:"meet" doc:"Where the two meet; null where they need not, or have not agreed yet."`
	MadeAt       time.Time              `json:"made_at"`
	ExpiresAt    time.Time              `json:"expires_at" doc:"Until then the taker may answer."`
	SeenAt       *time.Time             `json:"seen_at"`
	AnsweredAt   *time.Time             `json:"answered_at"`
	EndedAt      *time.Time             `json:"ended_at"`
	EndReason    string                 `json:"end_reason" doc:"Why it was declined or cancelled; overtaken: the event of the last order; expired: not_met where the two had agreed to meet, else empty."`
}

// HandoverRider is a rider to those who give and take.
type HandoverRider struct {
	ID    id.Rider `json:"id"`
	Name  string   `json:"name"`
	Phone string   `json:"phone" doc:"While the two are to meet; else empty."`
}

// HandoverMeet is where orders on board change hands.
type HandoverMeet struct {
	Location geo.LatLng `json:"location"`
	At       time.Time  `json:"at" doc:"When the giver is expected there, estimated anew while the giver is on the way; told when it moves by three minutes or more."`
	By       *time.Time `json:"by" doc:"Until then they have to have met; else the giver keeps the orders. Null: whenever they do, or nobody has agreed yet."`
}

// RiderHandover is a handover as the giver and the taker see it.
type RiderHandover struct {
	Handover
	Mine    bool           `json:"mine" doc:"The rider gives. Else a colleague does."`
	Orders  []OfferedOrder `json:"orders" doc:"To the taker with what the taker would earn, to the giver with what the giver was told."`
	Stops   []Stop         `json:"stops" doc:"Of an open one, to the taker: the whole plan, if accepted."`
	DetourM *int           `json:"detour_m" doc:"Of an open one, to the taker: by how much the way gets longer, as the crow flies from stop to stop; null when the position is not known."`
}

func handoverOf(h rider.Handover, riders map[id.Rider]rider.Rider) Handover {
	shown := func(r id.Rider) HandoverRider {
		x := HandoverRider{ID: r, Name: riders[r].Name}
		if h.State == rider.HandoverAccepted {
			x.Phone = riders[r].Phone
		}
		return x
	}
	j := Handover{
		ID: h.ID, State: h.State, Giver: shown(h.Giver), Taker: shown(h.Taker),
		OrderIDs: notNil(h.Left), ByDispatcher: h.ByStaff, Reason: h.Reason, MadeAt: h.MadeAt.UTC(), ExpiresAt: h.ExpiresAt.UTC(),
		SeenAt: utc(h.SeenAt), AnsweredAt: utc(h.AnsweredAt), EndedAt: utc(h.EndedAt), EndReason: h.EndReason,
	}
	if !h.State.Live() {
		j.OrderIDs = h.Orders
	}
	if h.MeetAt != nil {
		j.Meet = some(HandoverMeet{*h.Meet, h.MeetAt.UTC(), utc(h.MeetBy)})
	}
	return j
}

// ridersOf reads the riders of handovers.
func ridersOf(ctx context.Context, tx pgx.Tx, tenant id.Tenant, list []rider.Handover) (map[id.Rider]rider.Rider, error) {
	riders := make(map[id.Rider]rider.Rider)
	if len(list) == 0 {
		return riders, nil
	}
	ids := make([]id.Rider, 0, 2*len(list))
	for _, h := range list {
		ids = append(ids, h.Giver, h.Taker)
	}
	found, err := rider.GetMany(ctx, tx, tenant, ids)
	for _, r := range found {
		riders[r.ID] = r
	}
	return riders, err
}

// readMeets reads the names of the colleagues whom stops are with.
func (k *knownOrders) readMeets(ctx context.Context, tx pgx.Tx, tenant id.Tenant, stops []rider.Stop) error {
	var with []id.Rider
	for _, st := range stops {
		if !st.With.IsZero() {
			with = append(with, st.With)
		}
	}
	if len(with) == 0 {
		return nil
	}
	k.meets = make(map[id.Rider]string, len(with))
	found, err := rider.GetMany(ctx, tx, tenant, with)
	for _, r := range found {
		k.meets[r.ID] = r.Name
	}
	return err
}

// stopsOf are the stops that handovers show.
func stopsOf(list []rider.Handover) (out []rider.Stop) {
	for _, h := range list {
		out = append(out, h.Stops...)
	}
	return out
}

// toldHandovers is for how long a phone is told of a handover that has ended.
const toldHandovers = 10 * time.Minute

// ordersIn are the orders of handovers.
func ordersIn(list []rider.Handover) (out []id.Order) {
	for _, h := range list {
		out = append(out, h.Orders...)
		out = append(out, rider.Plan{Stops: h.Stops}.Orders()...)
	}
	return out
}

// riderHandovers shows a rider's handovers. Their orders are known with what the rider earns by them.
func (s *Server) riderHandovers(ctx context.Context, tx pgx.Tx, tenant id.Tenant, who id.Rider, list []rider.Handover, plan rider.Plan, known knownOrders) ([]RiderHandover, error) {
	riders, err := ridersOf(ctx, tx, tenant, list)
	out := make([]RiderHandover, len(list))
	for i, h := range list {
		j := RiderHandover{Handover: handoverOf(h, riders), Mine: h.Giver == who, Orders: []OfferedOrder{}, Stops: []Stop{}}
		for _, o := range j.OrderIDs {
			j.Orders = append(j.Orders, known.offered(o))
		}
		if h.State == rider.HandoverOpen && !j.Mine {
			j.Stops = known.stops(h.Stops, false)
			if fix := s.lastFix(tenant, who); fix != nil {
				j.DetourM = new(max(0, int(way(fix.LatLng, h.Stops)-way(fix.LatLng, plan.Stops))))
			}
		}
		out[i] = j
	}
	return out, err
}

// way is how long it is from a place along stops, in metres, as the crow flies.
func way(from geo.LatLng, stops []rider.Stop) (m float64) {
	for _, st := range stops {
		m += geo.Distance(from, st.At)
		from = st.At
	}
	return m
}

func (s *Server) listRiderHandovers(ctx context.Context, _ *empty) (*list[RiderHandover], error) {
	who := riderOf(ctx)
	w, err := s.readWork(ctx, who.Tenant, who.Rider, who.Vehicle, 0)
	if err != nil {
		return nil, err
	}
	return listOf(w.Handovers, ""), nil
}

// NewHandover is orders of the rider's own that a colleague is asked to take over.
type NewHandover struct {
	Act
	To       id.Rider    `json:"to" pattern:"^rid_[0-7][0-9a-hjkmnp-tv-z]{25}$" doc:"Who is asked: see GET /v1/rider/colleagues."`
	OrderIDs []id.Order  `json:"order_ids" minItems:"1" maxItems:"50" doc:"With each, what else of its job the rider has. Either all are on board, or none is."`
	Meet     *geo.LatLng `json:"meet,omitempty" nullable:"false" doc:"Where to meet, of what is on board; left out: where the rider is."`
}

func (s *Server) proposeHandover(ctx context.Context, in *struct{ Body NewHandover }) (*out[RiderHandover], error) {
	who, b := riderOf(ctx), in.Body
	h, err := s.propose(ctx, who.Tenant, dispatch.Proposal{
		Giver: who.Rider, Taker: b.To, Orders: b.OrderIDs, Meet: b.Meet, Reason: b.Reason, Actor: order.Actor{Kind: order.ActorRider, ID: who.Rider.UUID()}, Action: b.ActionID,
	})
	if err != nil {
		return nil, err
	}
	return s.shownHandover(ctx, who, h.ID)
}

// propose is ProposeHandover of a request that has been checked for what would make two of one.
func (s *Server) propose(ctx context.Context, tenant id.Tenant, p dispatch.Proposal) (h rider.Handover, err error) {
	if p.Action == uuid.Nil {
		return h, invalid(FieldFault{"action_id", "must be made by the caller: a random UUID for each act", nil})
	}
	h, _, err = s.dispatch.ProposeHandover(ctx, tenant, p)
	return h, err
}

// shownHandover answers with a handover as its rider sees it now.
func (s *Server) shownHandover(ctx context.Context, who riderClaims, handover id.Handover) (*out[RiderHandover], error) {
	var shown []RiderHandover
	err := s.db.Read(ctx, who.Tenant, func(tx pgx.Tx) error {
		h, err := rider.GetHandover(ctx, tx, who.Tenant, handover)
		if err != nil {
			return err
		}
		plan, err := rider.GetPlan(ctx, tx, who.Tenant, who.Rider)
		if err != nil {
			return err
		}
		of := []rider.Handover{h}
		known, err := s.readOrders(ctx, tx, who.Tenant, ordersIn(of))
		if err != nil {
			return err
		}
		if err := known.readPay(ctx, tx, who.Tenant, who.Rider, h.Orders, nil); err != nil {
			return err
		}
		if err := known.readMeets(ctx, tx, who.Tenant, h.Stops); err != nil {
			return err
		}
		shown, err = s.riderHandovers(ctx, tx, who.Tenant, who.Rider, of, plan, known)
		return err
	})
	if err != nil {
		return nil, err
	}
	return answer(shown[0]), nil
}

// ByHandover is a handover in a path.
type ByHandover struct {
	ID id.Handover `path:"id" pattern:"^hnd_[0-7][0-9a-hjkmnp-tv-z]{25}$" doc:"The handover's id."`
}

type handoverActInput struct {
	ByHandover
	Body Act
}

func (s *Server) seeHandover(ctx context.Context, in *handoverActInput) (*struct{}, error) {
	who := riderOf(ctx)
	return nil, s.dispatch.SeenHandover(ctx, who.Tenant, who.Rider, in.ID, in.Body.action())
}

func (s *Server) acceptHandover(ctx context.Context, in *handoverActInput) (*out[Plan], error) {
	who := riderOf(ctx)
	if _, _, err := s.dispatch.AcceptHandover(ctx, who.Tenant, who.Rider, in.ID, in.Body.action()); err != nil {
		return nil, err
	}
	return s.riderPlan(ctx, &sincePlan{})
}

func (s *Server) takeOver(ctx context.Context, in *handoverActInput) (*out[Plan], error) {
	who := riderOf(ctx)
	if _, _, err := s.dispatch.TakeOver(ctx, who.Tenant, who.Rider, in.ID, in.Body.action()); err != nil {
		return nil, err
	}
	return s.riderPlan(ctx, &sincePlan{})
}

func (s *Server) declineHandover(ctx context.Context, in *handoverActInput) (*struct{}, error) {
	who := riderOf(ctx)
	_, err := s.dispatch.DeclineHandover(ctx, who.Tenant, who.Rider, in.ID, in.Body.action())
	return nil, err
}

func (s *Server) cancelHandover(ctx context.Context, in *handoverActInput) (*out[RiderHandover], error) {
	who := riderOf(ctx)
	by := order.Actor{Kind: order.ActorRider, ID: who.Rider.UUID()}
	if _, err := s.dispatch.CancelHandover(ctx, who.Tenant, in.ID, by, in.Body.Reason); err != nil {
		return nil, err
	}
	return s.shownHandover(ctx, who, in.ID)
}

// Colleague is a rider nearby who could take orders over.
type Colleague struct {
	ID        id.Rider      `json:"id"`
	Name      string        `json:"name"`
	Vehicle   rider.Vehicle `json:"vehicle" enum:"walking,bicycle,ebike,motorcycle,car"`
	DistanceM int           `json:"distance_m" doc:"From the rider, as the crow flies."`
	Orders    int           `json:"orders" doc:"That the colleague has already."`
}

type colleaguesQuery struct {
	OrderIDs []string `query:"order_ids" required:"true" minItems:"1" maxItems:"50" doc:"Orders of the rider's own, with commas between."`
}

func (s *Server) riderColleagues(ctx context.Context, in *colleaguesQuery) (*list[Colleague], error) {
	who := riderOf(ctx)
	ids, err := orderIDs(in.OrderIDs)
	if err != nil {
		return nil, err
	}
	data := []Colleague{}
	err = s.db.Read(ctx, who.Tenant, func(tx pgx.Tx) error {
		found, err := s.dispatch.Colleagues(ctx, tx, who.Tenant, who.Rider, ids)
		for _, c := range found {
			data = append(data, Colleague{c.Rider.ID, c.Rider.Name, c.Rider.Vehicle, c.DistanceM, c.Orders})
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return listOf(data, ""), nil
}
