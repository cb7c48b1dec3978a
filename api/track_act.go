package api

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"unicode/utf8"

	"github.com/gin-gonic/gin"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/dispatch"
	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/order"
)

// What customers do on the tracking page. The link is all the proof there is: no cookie goes along that another page could use.

// readJSON reads a small body.
func readJSON(c *gin.Context, to any) error {
	d := json.NewDecoder(io.LimitReader(c.Request.Body, 8<<10))
	d.DisallowUnknownFields()
	if err := d.Decode(to); err != nil {
		return invalid(FieldFault{"body", err.Error(), nil})
	}
	return nil
}

// trackedRating takes 1 to 5 stars and a word, once.
func (s *Server) trackedRating(c *gin.Context) {
	var in struct {
		Stars   int    `json:"stars"`
		Comment string `json:"comment"`
	}
	tenant, oid, err := s.tracked(c)
	if err == nil {
		err = readJSON(c, &in)
	}
	if err == nil && (in.Stars < 1 || in.Stars > 5) {
		err = invalid(FieldFault{"stars", "must be 1 to 5", in.Stars})
	}
	if err == nil && utf8.RuneCountInString(in.Comment) > 1000 {
		err = invalid(FieldFault{"comment", "must have at most 1000 characters", nil})
	}
	if err == nil {
		ctx := c.Request.Context()
		err = s.db.Tx(ctx, tenant, func(tx pgx.Tx) error {
			o, err := s.readTracked(ctx, tx, tenant, oid)
			if err == nil && o.State != order.Delivered {
				err = refuse(codeNotDelivered, "The order has not been delivered.")
			}
			if err != nil {
				return err
			}
			return order.Rate(ctx, tx, tenant, oid, order.Rating{Stars: in.Stars, Comment: in.Comment, At: s.clock.Now()})
		})
	}
	s.acted(c, tenant, oid, err)
}

// maxTip is the largest tip that a page takes at once, in minor units.
const maxTip = 100_000

func (s *Server) trackedTip(c *gin.Context) {
	var in struct {
		Amount   int64     `json:"amount"`
		ActionID uuid.UUID `json:"action_id"`
	}
	tenant, oid, err := s.tracked(c)
	if err == nil {
		err = readJSON(c, &in)
	}
	if err == nil && (in.Amount < 1 || in.Amount > maxTip) {
		err = invalid(FieldFault{"amount", "must be 1 to 100000 minor units", in.Amount})
	}
	if err == nil && in.ActionID == uuid.Nil {
		err = invalid(FieldFault{"action_id", "is missing: make one and keep it over retries", nil})
	}
	ctx := c.Request.Context()
	for try := 0; err == nil; try++ { // somebody else may change the order meanwhile
		var o order.Order
		err = s.db.Read(ctx, tenant, func(tx pgx.Tx) (err error) {
			o, err = s.readTracked(ctx, tx, tenant, oid)
			return err
		})
		if err == nil && (o.State != order.Delivered || tipCurrency(o) == "") {
			err = refuse(codeNotDelivered, "There is nothing to tip for.")
		}
		if err != nil {
			break
		}
		tip := order.Money{Minor: o.Tip.Minor + in.Amount, Currency: tipCurrency(o)}
		_, err = s.dispatch.Update(ctx, tenant, oid, dispatch.Change{
			Update: order.Update{Tip: &tip}, Actor: order.Actor{Kind: order.ActorCustomer}, IfVersion: o.Version, Action: in.ActionID,
		})
		if !errors.Is(err, order.ErrConflict) || try == 5 {
			break
		}
		err = nil
	}
	s.acted(c, tenant, oid, err)
}

// acted answers with the page's view as it is now.
func (s *Server) acted(c *gin.Context, tenant id.Tenant, oid id.Order, err error) {
	var v TrackView
	if err == nil {
		v, err = s.trackView(c.Request.Context(), tenant, oid, trackLanguage(c.Request))
	}
	if err != nil {
		writeProblem(c, err)
		return
	}
	c.JSON(http.StatusOK, v)
}

func tipCurrency(o order.Order) string {
	for _, m := range []order.Money{o.Tip, o.Value, o.Cash} {
		if m.Currency != "" {
			return m.Currency
		}
	}
	return ""
}

// tipOf is what can be tipped; nil for an order without a currency.
func tipOf(o order.Order, w words) *TrackTip {
	currency := tipCurrency(o)
	if currency == "" {
		return nil
	}
	t := &TrackTip{Choices: []TrackChoice{}}
	if o.Tip.Minor > 0 {
		t.Given = fmt.Sprintf(w.TipThanks, amountText(o.Tip))
	}
	amounts := []int64{100, 200, 500}
	if currency == "CNY" {
		amounts = []int64{200, 500, 1000}
	}
	for _, a := range amounts {
		t.Choices = append(t.Choices, TrackChoice{a, amountText(order.Money{Minor: a, Currency: currency})})
	}
	return t
}

// wholeCurrencies have no minor unit.
var wholeCurrencies = []string{"CLP", "ISK", "JPY", "KRW", "VND", "XAF", "XOF"}

func amountText(m order.Money) string {
	if slices.Contains(wholeCurrencies, m.Currency) {
		return fmt.Sprintf("%d %s", m.Minor, m.Currency)
	}
	sign := map[string]string{"EUR": "€", "USD": "$", "GBP": "£", "CNY": "¥"}[m.Currency]
	text := fmt.Sprintf("%d.%02d", m.Minor/100, m.Minor%100)
	if sign != "" {
		return sign + text
	}
	return text + " " + m.Currency
}
