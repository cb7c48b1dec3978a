package api

import (
	"context"
	"encoding/base64"
	"net/url"
	"strconv"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/paidan/paidan/order"
)

// The façade of Uber Direct's deliveries API, version 1: its paths behind /uber. The customer is the merchant's id, the client secret an
// API key.
//
//	facade_uber_request.go   what may be sent, and the order that it means
//	facade_uber_delivery.go  what is shown of an order
//	facade_uber_error.go     errors

const uberTag = "Uber Direct façade"

func (s *Server) uberRoutes(a huma.API, public, merchant scope) {
	public.tag, merchant.tag = uberTag, uberTag
	of := func(o huma.Operation) huma.Operation { return speaks(a, o, uberError, UberError{}) }
	const customer = "/uber/v1/customers/{customer_id}"
	huma.Register(a, of(takesForm(public.post("/uber/oauth/v2/token", "uber-token", "Log in with client credentials"))), s.uberToken)
	huma.Register(a, of(merchant.post(customer+"/delivery_quotes", "uber-create-quote", "Ask for a price and times")), s.uberQuote)
	huma.Register(a, of(merchant.post(customer+"/deliveries", "uber-create-delivery", "Place an order")), s.uberCreate)
	huma.Register(a, of(merchant.get(customer+"/deliveries", "uber-list-deliveries", "List orders, newest first")), s.uberList)
	huma.Register(a, of(merchant.get(customer+"/deliveries/{delivery_id}", "uber-get-delivery", "Read an order")), s.uberGet)
	huma.Register(a, of(merchant.post(customer+"/deliveries/{delivery_id}", "uber-update-delivery", "Change an order")), s.uberUpdate)
	huma.Register(a, of(merchant.post(customer+"/deliveries/{delivery_id}/cancel", "uber-cancel-delivery", "Cancel an order")), s.uberCancel)
	huma.Register(a, of(merchant.post(customer+"/deliveries/{delivery_id}/proof-of-delivery", "uber-proof-of-delivery", "A picture taken as proof")), s.uberProof)
}

func takesForm(o huma.Operation) huma.Operation {
	o.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{
		"application/x-www-form-urlencoded": {Schema: &huma.Schema{Type: huma.TypeString}},
	}}
	return o
}

// UberToken is an answer to client credentials.
type UberToken struct {
	AccessToken string `json:"access_token" doc:"The API key that was sent as client_secret: it ends when the key does."`
	TokenType   string `json:"token_type" enum:"Bearer"`
	ExpiresIn   int    `json:"expires_in" doc:"Seconds after which to ask again; a rotated or revoked key ends sooner."`
	Scope       string `json:"scope"`
}

// uberTokenLife is what Uber's tokens have: clients ask again in time.
const uberTokenLife = 30 * 24 * 3600

// uberToken hands the API key back as a token, if it is the merchant's. So there is no second credential to keep, and revoking the key
// ends it at once.
func (s *Server) uberToken(ctx context.Context, in *struct {
	RawBody []byte `contentType:"application/x-www-form-urlencoded"`
}) (*out[UberToken], error) {
	form, err := url.ParseQuery(string(in.RawBody))
	if err != nil {
		return nil, invalid(FieldFault{"body", "is no form", nil})
	}
	if form.Get("grant_type") != "client_credentials" {
		return nil, invalid(FieldFault{"grant_type", "must be client_credentials", nil})
	}
	m, err := s.findKey(ctx, form.Get("client_secret"))
	if err != nil {
		return nil, err
	}
	if m.Merchant.String() != form.Get("client_id") {
		return nil, errBadKey
	}
	return answer(UberToken{form.Get("client_secret"), "Bearer", uberTokenLife, form.Get("scope")}), nil
}

// UberCustomer is the merchant in a path.
type UberCustomer struct {
	Customer string `path:"customer_id" pattern:"^mer_[0-7][0-9a-hjkmnp-tv-z]{25}$" doc:"The merchant's id."`
}

// UberDeliveryPath is an order in a path.
type UberDeliveryPath struct {
	UberCustomer
	Delivery string `path:"delivery_id" pattern:"^del_[0-7][0-9a-hjkmnp-tv-z]{25}$" doc:"The order's id, with del_ for ord_."`
}

// caller is the merchant, who must be the path's.
func (u UberCustomer) caller(ctx context.Context) (merchant, error) {
	who := merchantOf(ctx)
	if who.Merchant.String() != u.Customer {
		return who, refuse(codeNotFound, uberNoCustomer)
	}
	return who, nil
}

func (u UberDeliveryPath) order(ctx context.Context) (who merchant, o ByOrder, err error) {
	if who, err = u.caller(ctx); err == nil {
		err = o.ID.UnmarshalText([]byte("ord_" + strings.TrimPrefix(u.Delivery, "del_")))
	}
	return who, o, err
}

func (s *Server) uberQuote(ctx context.Context, in *struct {
	UberCustomer
	Body UberQuoteRequest
}) (*out[UberQuote], error) {
	who, err := in.caller(ctx)
	if err != nil {
		return nil, err
	}
	st, err := s.uberStore(ctx, who, in.Body.UberPlaces)
	if err != nil {
		return nil, err
	}
	n, err := in.Body.quote(st)
	if err != nil {
		return nil, err
	}
	q, err := s.createQuote(ctx, &struct{ Body NewQuote }{n})
	if err != nil {
		return nil, err
	}
	return answer(uberQuoteOf(q.Body)), nil
}

func (s *Server) uberCreate(ctx context.Context, in *struct {
	UberCustomer
	Body UberDeliveryRequest
}) (*out[UberDelivery], error) {
	who, err := in.caller(ctx)
	if err != nil {
		return nil, err
	}
	st, err := s.uberStore(ctx, who, in.Body.UberPlaces)
	if err != nil {
		return nil, err
	}
	n, err := in.Body.order(who)
	if err != nil {
		return nil, err
	}
	n.StoreID = st.ID
	if n.Value, err = s.currency(ctx, who, st, "manifest_total_value", in.Body.ManifestTotalValue); err != nil {
		return nil, err
	}
	if n.Tip, err = s.currency(ctx, who, st, "tip", in.Body.Tip); err != nil {
		return nil, err
	}
	create := createOrderInput{Body: n}
	if in.Body.IdempotencyKey != "" { // apart from the keys of our own operation
		create.IdempotencyKey = "uber " + in.Body.IdempotencyKey
	}
	o, err := s.createOrder(ctx, &create)
	if err != nil {
		return nil, err
	}
	return answer(uberDeliveryOf(o.Body, st, who)), nil
}

// uberShown is an order that one of our operations has answered.
func (s *Server) uberShown(ctx context.Context, who merchant, o Order) (*out[UberDelivery], error) {
	st, err := s.storeOfOrder(ctx, who, o)
	if err != nil {
		return nil, err
	}
	return answer(uberDeliveryOf(o, st, who)), nil
}

func (s *Server) uberGet(ctx context.Context, in *UberDeliveryPath) (*out[UberDelivery], error) {
	who, by, err := in.order(ctx)
	if err != nil {
		return nil, err
	}
	o, err := s.getOrder(ctx, &by)
	if err != nil {
		return nil, err
	}
	return s.uberShown(ctx, who, o.Body)
}

func (s *Server) uberUpdate(ctx context.Context, in *struct {
	UberDeliveryPath
	Body UberUpdateRequest
}) (*out[UberDelivery], error) {
	who, by, err := in.order(ctx)
	if err != nil {
		return nil, err
	}
	now, err := s.getOrder(ctx, &by)
	if err != nil {
		return nil, err
	}
	change, err := in.Body.change()
	if err != nil {
		return nil, err
	}
	st, err := s.storeOfOrder(ctx, who, now.Body)
	if err != nil {
		return nil, err
	}
	if change.Tip, err = s.currency(ctx, who, st, "tip_by_customer", in.Body.TipByCustomer); err != nil {
		return nil, err
	}
	o, err := s.updateOrder(ctx, &updateOrderInput{ByOrder: by, Body: change})
	if err != nil {
		return nil, err
	}
	return answer(uberDeliveryOf(o.Body.Order, st, who)), nil
}

func (s *Server) uberCancel(ctx context.Context, in *UberDeliveryPath) (*out[UberDelivery], error) {
	who, by, err := in.order(ctx)
	if err != nil {
		return nil, err
	}
	cancel := cancelInput{ByOrder: by}
	cancel.Body.Reason, cancel.Body.Fault = "cancelled through the Uber Direct façade", string(order.ActorMerchant)
	o, err := s.cancelOrder(ctx, &cancel)
	if err != nil {
		return nil, err
	}
	return s.uberShown(ctx, who, o.Body.Order)
}

// UberList is one page of orders.
type UberList struct {
	Data       []UberDelivery `json:"data"`
	NextHref   string         `json:"next_href" doc:"Of the next page; empty on the last."`
	TotalCount int            `json:"total_count" doc:"Always -1, as Uber's."`
}

func (s *Server) uberList(ctx context.Context, in *struct {
	UberCustomer
	Filter string `query:"filter" enum:"pending,pickup,pickup_complete,dropoff,delivered,canceled,returned,ongoing"`
	Limit  int    `query:"limit" minimum:"1" maximum:"200" default:"50"`
	Cursor string `query:"cursor" maxLength:"200" doc:"Of next_href. There are no offsets."`
}) (*out[UberList], error) {
	who, err := in.caller(ctx)
	if err != nil {
		return nil, err
	}
	q := ordersQuery{Page: Page{Limit: in.Limit, Cursor: in.Cursor}, State: uberStates(in.Filter)}
	page, err := s.listOrders(ctx, &q)
	if err != nil {
		return nil, err
	}
	l := UberList{Data: make([]UberDelivery, len(page.Body.Data)), TotalCount: -1}
	for i, o := range page.Body.Data {
		st, err := s.storeOfOrder(ctx, who, o)
		if err != nil {
			return nil, err
		}
		l.Data[i] = uberDeliveryOf(o, st, who)
	}
	if next := page.Body.NextCursor; next != "" {
		query := url.Values{"cursor": {next}, "limit": {strconv.Itoa(in.Limit)}}
		if in.Filter != "" {
			query.Set("filter", in.Filter)
		}
		l.NextHref = s.conf.PublicURL + "/uber/v1/customers/" + in.Customer + "/deliveries?" + query.Encode()
	}
	return answer(l), nil
}

// UberProofRequest names a proof.
type UberProofRequest struct {
	Waypoint string `json:"waypoint" enum:"pickup,dropoff,return"`
	Type     string `json:"type" enum:"picture,signature,pincode"`
}

// UberProof is a picture.
type UberProof struct {
	Document string `json:"document" doc:"The picture as it was taken (JPEG, PNG or WebP), in base64."`
}

// uberProof is the last picture of a kind. Ours are all of the door.
func (s *Server) uberProof(ctx context.Context, in *struct {
	UberDeliveryPath
	Body UberProofRequest
}) (*out[UberProof], error) {
	who, by, err := in.order(ctx)
	if err != nil {
		return nil, err
	}
	kind, ok := map[string]order.ProofKind{"picture": order.ProofPhoto, "signature": order.ProofSignature}[in.Body.Type]
	us, err := s.uploads(ctx, who.Tenant, by.ID, who.owns)
	if err != nil {
		return nil, err
	}
	for i := len(us) - 1; ok && in.Body.Waypoint == "dropoff" && i >= 0; i-- {
		if us[i].Kind != kind {
			continue
		}
		f, err := s.proof(ctx, who.Tenant, &ByProof{ByOrder: by, Proof: us[i].ID}, who.owns)
		if err != nil {
			return nil, err
		}
		return answer(UberProof{base64.StdEncoding.EncodeToString(f.Body)}), nil
	}
	return nil, invalid(FieldFault{"type", "there is no such picture of this waypoint: only pictures and signatures at the drop-off are kept", in.Body.Type})
}
