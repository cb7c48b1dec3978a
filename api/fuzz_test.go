package api

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"
	"github.com/gin-gonic/gin"
)

// decoder is the way of a body from bytes to a handler's input, without what is behind it. The handler checks what it gets.
func decoder[I any](f *testing.F, path string, look func(*testing.T, *I)) func(*testing.T, string) {
	f.Helper()
	s, err := New(Deps{})
	if err != nil {
		f.Fatal(err)
	}
	var now *testing.T // a worker tries one input at a time
	e := gin.New()
	e.Use(s.begin, s.recoverPanic, s.bodies)
	a := humagin.New(e, s.describe())
	huma.Register(a, huma.Operation{Method: "POST", Path: path, MaxBodyBytes: maxBody}, func(_ context.Context, in *I) (*struct{}, error) {
		look(now, in)
		return nil, nil
	})
	return func(t *testing.T, body string) {
		t.Helper()
		now = t
		w := httptest.NewRecorder()
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, path, strings.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		e.ServeHTTP(w, r)
		if w.Code >= 500 {
			t.Fatalf("%d %s", w.Code, w.Body)
		}
	}
}

func FuzzNewOrder(f *testing.F) {
	f.Add(`{"store_id":"sto_01h455vb4pex5vsknk084sn02q","dropoff":{"location":{"lat":43.7,"lng":11.2}},"load":2,"skills":["cold"],"ready_at":"2026-03-02T12:00:00Z"}`)
	f.Add(`{"store_id":"sto_01h455vb4pex5vsknk084sn02q","dropoff":{"location":{"lat":-90,"lng":180},"address":"x"},"value":{"amount":1,"currency":"EUR"},"items":[{"name":"a","quantity":1}]}`)
	f.Add(`{"load":1e400}`)
	f.Add("[[[[")
	run := decoder(f, "/fuzz", func(t *testing.T, in *struct{ Body NewOrder }) {
		t.Helper()
		if in.Body.StoreID.IsZero() || !in.Body.Dropoff.Location.Valid() || in.Body.Load < 1 {
			t.Errorf("let in: %+v", in.Body)
		}
		in.Body.check(noon)
		bodyHash(in.Body)
	})
	f.Fuzz(run)
}

func FuzzStep(f *testing.F) {
	f.Add(`{"action_id":"0197f0c2-e5d8-7d2a-9c5f-3f6c0e1b2a3d","at":"2026-03-02T12:00:00Z","reason":"x","proof":{"pin":"1","location":{"lat":1,"lng":2}}}`)
	f.Add(`{"action_id":"","at":""}`)
	f.Add(`{"action_id":"{0197f0c2-e5d8-7d2a-9c5f-3f6c0e1b2a3d}","at":"2026-03-02T12:00:00+25:00"}`)
	run := decoder(f, "/fuzz", func(t *testing.T, in *struct{ Body StepAct }) {
		t.Helper()
		if p := in.Body.Proof; p != nil && p.Location != nil && !p.Location.Valid() {
			t.Errorf("let in: %+v", p)
		}
	})
	f.Fuzz(run)
}
