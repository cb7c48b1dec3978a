package api

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/push"
	"github.com/paidan/paidan/push/provider"
)

// Pushing is how phones are woken here.
type Pushing struct {
	Providers []provider.Name
	WebKey    string // pages subscribe with it; "" without Web Push
}

// PushSettings tell an app with which provider to register.
type PushSettings struct {
	Providers    []provider.Name `json:"providers" enum:"fcm,jpush,web,gateway" doc:"None: phones are not woken here; keep a stream open."`
	WebPublicKey string          `json:"web_public_key" doc:"The applicationServerKey of pages, base64url; empty without web."`
}

func (s *Server) pushSettings(context.Context, *empty) (*out[PushSettings], error) {
	return answer(PushSettings{notNil(s.pushing.Providers), s.pushing.WebKey}), nil
}

// PushToken is where a phone is woken.
type PushToken struct {
	Provider     provider.Name `json:"provider" enum:"fcm,jpush,web,gateway"`
	Locale       string        `json:"locale"`
	RegisteredAt time.Time     `json:"registered_at"`
}

type pushTokenInput struct {
	Body struct {
		Provider provider.Name `json:"provider" enum:"fcm,jpush,web,gateway"`
		Token    string        `json:"token" minLength:"1" maxLength:"2000" doc:"FCM's registration token, JPush's registration id, or the JSON of the browser's PushSubscription."`
		Locale   string        `json:"locale" pattern:"^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$" maxLength:"35" doc:"The phone's language (BCP 47). Chinese is written in Chinese, all others in English."`
	}
}

// errOldToken refuses an access token from before devices had ids.
var errOldToken = refuse(codeUnauthenticated, "The access token names no device; refresh it.")

func (s *Server) setPushToken(ctx context.Context, in *pushTokenInput) (*out[PushToken], error) {
	who, b := riderOf(ctx), in.Body
	if who.Device.IsZero() {
		return nil, errOldToken
	}
	var faults []FieldFault
	if !slices.Contains(s.pushing.Providers, b.Provider) {
		faults = append(faults, FieldFault{"provider", "is not set up here; GET /v1/rider/push lists those that are", b.Provider})
	}
	if b.Provider == provider.Web {
		if _, err := provider.ReadSubscription(b.Token); err != nil {
			faults = append(faults, FieldFault{"token", err.Error(), nil})
		}
	}
	if len(faults) > 0 {
		return nil, invalid(faults...)
	}
	t := push.Token{Device: who.Device, Rider: who.Rider, Provider: b.Provider, Token: b.Token, Locale: b.Locale, UpdatedAt: micro(s.clock.Now())}
	err := s.db.Tx(ctx, who.Tenant, func(tx pgx.Tx) error { return push.SetToken(ctx, tx, who.Tenant, t) })
	if errors.Is(err, push.ErrNoDevice) {
		return nil, errSignedOut
	}
	if err != nil {
		return nil, err
	}
	return answer(PushToken{t.Provider, t.Locale, t.UpdatedAt}), nil
}

func (s *Server) dropPushToken(ctx context.Context, _ *empty) (*struct{}, error) {
	who := riderOf(ctx)
	return nil, s.db.Tx(ctx, who.Tenant, func(tx pgx.Tx) error { return push.DropToken(ctx, tx, who.Tenant, who.Device) })
}
