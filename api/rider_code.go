package api

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/paidan/paidan/rider"
)

type askCodeInput struct {
	Body struct {
		Tenant string `json:"tenant" minLength:"1" maxLength:"63" doc:"The company's short name."`
		Phone  string `json:"phone" minLength:"1" maxLength:"200" doc:"As staff wrote it."`
	}
}

// CodeAsked is the answer to who asks for a log-in code, whoever has the phone.
type CodeAsked struct {
	ExpiresInS int `json:"expires_in_s" doc:"So long the code is good, if one was sent."`
}

var errNoTexts = refuse(codeNoTexts, "No gateway for text messages is set up.")

// askLoginCode does the same for every tenant and phone, so it tells nobody who is a rider.
func (s *Server) askLoginCode(ctx context.Context, in *askCodeInput) (*out[CodeAsked], error) {
	if s.texts == nil {
		return nil, errNoTexts
	}
	phone := strings.TrimSpace(in.Body.Phone)
	ip, _ := ctx.Value(addressKey{}).(string)
	if _, err := s.limits.codes.take(ip); err != nil {
		return nil, err
	}
	if _, err := s.limits.code.take(in.Body.Tenant + "\x00" + phone); err != nil {
		return nil, err
	}
	if err := s.texts.AskCode(ctx, in.Body.Tenant, phone); err != nil {
		return nil, err
	}
	return answer(CodeAsked{int(rider.CodeLifetime / time.Second)}), nil
}

type loginCodeInput struct {
	Body struct {
		Tenant string `json:"tenant" minLength:"1" maxLength:"63" doc:"The company's short name."`
		Phone  string `json:"phone" minLength:"1" maxLength:"200"`
		Code   string `json:"code" minLength:"1" maxLength:"20" doc:"The six digits of the message. Five tries."`
		DeviceName
	}
}

func (s *Server) riderLoginCode(ctx context.Context, in *loginCodeInput) (*out[RiderTokens], error) {
	phone := strings.TrimSpace(in.Body.Phone)
	if err := s.account(ctx, "rider-code", in.Body.Tenant, phone); err != nil {
		return nil, err
	}
	tenant, err := tenantBySlug(ctx, s.db, in.Body.Tenant)
	if err != nil {
		return nil, err
	}
	if tenant.IsZero() {
		_, _, err := checkUser(ctx, s.db, tenant, "", in.Body.Code) // takes as long as a real one
		return nil, errors.Join(errBadLogin, err)
	}
	who, refresh, err := rider.LoginByCode(ctx, s.db, tenant, phone, strings.TrimSpace(in.Body.Code), in.Body.Device, s.clock.Now())
	if errors.Is(err, rider.ErrSignIn) {
		return nil, badLogin(ctx, tenant)
	}
	if err != nil {
		return nil, err
	}
	return s.signIn(ctx, tenant, who, refresh)
}
