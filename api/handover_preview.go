package api

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/dispatch"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/rider"
)

// HandoverPreview is what handing orders over would mean, before anybody is asked.
type HandoverPreview struct {
	Giver   HandoverRider          `json:"giver" doc:"Who has the orders."`
	Orders  []PreviewedOrder       `json:"orders" doc:"What would change hands: the orders asked for, and what else of their jobs the giver has."`
	OnBoard bool                   `json:"on_board" doc:"They are picked up: the two would have to meet."`
	Meet    nullable[HandoverMeet] `json:"meet" doc:"Of what is on board: where the giver is, which is where they meet unless another place is named. Else null: the taker goes to the store."`
	AnswerS int                    `json:"answer_s" doc:"Seconds that the taker would have to answer."`
	Takers  []Taker                `json:"takers" doc:"Who could take them now, the best first."`
}

// PreviewedOrder is an order, and when it is expected with the rider who has it.
type PreviewedOrder struct {
	ID        id.Order   `json:"id"`
	ETAAt     *time.Time `json:"eta_at"`
	PromiseAt time.Time  `json:"promise_at"`
}

// Taker is a rider who could take orders over, and what would follow.
type Taker struct {
	RiderID   id.Rider      `json:"rider_id"`
	Name      string        `json:"name"`
	Vehicle   rider.Vehicle `json:"vehicle" enum:"walking,bicycle,ebike,motorcycle,car"`
	DistanceM int           `json:"distance_m" doc:"To where the orders would be taken, as the crow flies."`
	Orders    int           `json:"orders" doc:"That the rider has already."`
	Cost      float64       `json:"cost" doc:"What it costs, in minutes as the engine counts them: of the customers' waiting, of lateness, of the rider's work. Lower is better."`
	TakeAt    time.Time     `json:"take_at" doc:"When the rider would be at the store, or with the giver."`
	Doors     []TakerDoor   `json:"doors" doc:"When the orders would be at their doors, in the order of orders."`
	DelayS    int           `json:"delay_s" doc:"By how many seconds the rider's own customers would wait longer: the one whom it meets the most."`
}

// TakerDoor is when an order would be at its door.
type TakerDoor struct {
	OrderID id.Order  `json:"order_id"`
	At      time.Time `json:"at"`
}

type handoverPreviewQuery struct {
	OrderIDs []string `query:"order_ids" required:"true" minItems:"1" maxItems:"50" doc:"Orders of one rider, with commas between."`
}

func (s *Server) previewHandover(ctx context.Context, in *handoverPreviewQuery) (*out[HandoverPreview], error) {
	tenant := staffOf(ctx).Tenant
	ids, err := orderIDs(in.OrderIDs)
	if err != nil {
		return nil, err
	}
	p, err := s.dispatch.PreviewHandover(ctx, tenant, ids)
	if err != nil {
		return nil, err
	}
	j := HandoverPreview{Orders: make([]PreviewedOrder, len(p.Orders)), Takers: make([]Taker, len(p.Takers)), OnBoard: p.Meet != nil, AnswerS: int(p.Answer.Seconds())}
	if p.Meet != nil {
		j.Meet = some(HandoverMeet{Location: p.Meet.At, At: p.Meet.From.UTC()})
	}
	for i, x := range p.Takers {
		j.Takers[i] = takerOf(x, p)
	}
	err = s.db.Read(ctx, tenant, func(tx pgx.Tx) error {
		giver, err := rider.GetMany(ctx, tx, tenant, []id.Rider{p.Giver})
		for _, r := range giver {
			j.Giver = HandoverRider{r.ID, r.Name, r.Phone}
		}
		if err != nil {
			return err
		}
		orders, err := s.fullFor(ctx, tx, tenant, p.Orders, true)
		for i, o := range orders {
			j.Orders[i] = PreviewedOrder{o.ID, o.EtaAt, o.PromiseAt}
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	return answer(j), nil
}

func takerOf(x dispatch.Taker, p dispatch.HandoverPreview) Taker {
	j := Taker{
		RiderID: x.Rider.ID, Name: x.Rider.Name, Vehicle: x.Rider.Vehicle, DistanceM: x.DistanceM, Orders: x.Orders, Cost: x.Cost,
		TakeAt: x.TakeAt.UTC(), Doors: make([]TakerDoor, len(p.Orders)), DelayS: int(x.Delay.Seconds()),
	}
	for i, o := range p.Orders {
		j.Doors[i] = TakerDoor{o.ID, x.Doors[o.ID].UTC()}
	}
	return j
}

// orderIDs reads the ids of a query's order_ids.
func orderIDs(texts []string) ([]id.Order, error) {
	ids := make([]id.Order, len(texts))
	for i, text := range texts {
		if err := parseIDs(idParam{index("order_ids", i), text, &ids[i]}); err != nil {
			return nil, err
		}
	}
	return ids, nil
}
