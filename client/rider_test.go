package client_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/paidan/paidan/client"
)

// phoneServer knows one rider whose access tokens live 15 minutes.
type phoneServer struct {
	mu        sync.Mutex
	turn      int
	refreshes int
	logins    int
	lost      bool // has forgotten all refresh tokens
	stream    func(w http.ResponseWriter, r *http.Request, nth int)
	streams   int
}

func (s *phoneServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch r.URL.Path {
	case "/v1/rider/login":
		s.logins++
		s.lost = false
		s.tokens(w)
	case "/v1/rider/enrol":
		s.tokens(w)
	case "/v1/rider/refresh":
		s.refreshes++
		var in struct {
			Token string `json:"refresh_token"`
		}
		if _ = json.NewDecoder(r.Body).Decode(&in); s.lost || in.Token != fmt.Sprintf("refresh-%d", s.turn) {
			problem(w, 401, client.CodeUnauthenticated)
			return
		}
		s.tokens(w)
	default:
		if r.Header.Get("Authorization") != fmt.Sprintf("Bearer access-%d", s.turn) {
			problem(w, 401, client.CodeUnauthenticated)
			return
		}
		if r.URL.Path == "/v1/rider/stream" {
			s.streams++
			nth := s.streams
			s.mu.Unlock()
			defer s.mu.Lock()
			s.stream(w, r, nth)
			return
		}
		answer(w, 200, map[string]any{"version": 7})
	}
}

func (s *phoneServer) tokens(w http.ResponseWriter) {
	s.turn++
	answer(w, 200, map[string]any{
		"access_token": fmt.Sprintf("access-%d", s.turn), "expires_in_s": 900, "refresh_token": fmt.Sprintf("refresh-%d", s.turn),
		"rider": map[string]string{"id": "rid_1"},
	})
}

func TestTokensAreRenewedInTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n, c := connect(t)
		s := &phoneServer{}
		n.Start(s)
		r, err := c.Enrol(t.Context(), "code")
		if err != nil || r.Profile().ID != "rid_1" {
			t.Fatal(r, err)
		}
		var kept []string
		r.OnRefresh(func(token string) { kept = append(kept, token) })
		for range 60 { // an hour
			if p, err := r.Plan(t.Context()); err != nil || p.Version != 7 {
				t.Fatal(p, err)
			}
			time.Sleep(time.Minute)
		}
		if s.refreshes != 4 || len(kept) != 4 || kept[3] != r.RefreshToken() {
			t.Errorf("%d refreshes, kept %v", s.refreshes, kept)
		}
		if total := c.Stats().Total(); total.Errors != 0 {
			t.Errorf("errors: %v", total.Faults)
		}
	})
}

func TestManyCallsRenewOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n, c := connect(t)
		s := &phoneServer{}
		n.Start(s)
		r, err := c.Enrol(t.Context(), "code")
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Hour)
		var wg sync.WaitGroup
		for range 10 {
			wg.Go(func() {
				if _, err := r.Plan(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if s.refreshes != 1 {
			t.Errorf("%d refreshes", s.refreshes)
		}
	})
}

func TestARiderSignedOutSignsInAgainByPassword(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n, c := connect(t)
		s := &phoneServer{lost: true}
		n.Start(s)
		r := c.ResumeRider("refresh-old")
		if _, err := r.Plan(t.Context()); !errors.Is(err, client.ErrSignedOut) {
			t.Fatalf("without a password: %v", err)
		}
		if _, err := r.WithLogin("demo", "+39", "secret").Plan(t.Context()); err != nil || s.logins != 1 {
			t.Errorf("with a password: %v after %d log-ins", err, s.logins)
		}
	})
}

func TestTheStreamComesBack(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n, c := connect(t)
		s := &phoneServer{}
		s.stream = func(w http.ResponseWriter, r *http.Request, nth int) {
			w.Header().Set("Content-Type", "text/event-stream")
			_, _ = fmt.Fprintf(w, ": hello\n\nevent: snapshot\ndata: {\"plan\":{\"version\":%d},\"offers\":[{\"id\":\"off_1\"}]}\n\n", nth)
			w.(http.Flusher).Flush()
			switch nth {
			case 1: // a change, then the server is killed and comes back after ten seconds
				_, _ = fmt.Fprint(w, "event: changed\r\ndata: {\"plan\":\r\ndata: {\"version\":9}}\r\n\r\nevent: changed\ndata: {\"cut")
				w.(http.Flusher).Flush()
				go func() {
					time.Sleep(time.Second)
					n.Kill()
					time.Sleep(10 * time.Second)
					n.Start(s)
				}()
			case 2: // silent: not even a heartbeat
			}
			<-r.Context().Done()
		}
		n.Start(s)
		r, err := c.Enrol(t.Context(), "code")
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		var heard []client.Work
		err = r.Stream(ctx, func(w client.Work) {
			if heard = append(heard, w); len(heard) == 4 {
				cancel()
			}
		})
		if !errors.Is(err, context.Canceled) {
			t.Fatal(err)
		}
		var versions []int64
		for _, w := range heard {
			versions = append(versions, w.Plan.Version)
		}
		if fmt.Sprint(versions) != "[1 9 2 3]" || !heard[0].Snapshot || heard[1].Snapshot || !heard[2].Snapshot || len(heard[0].Offers) != 1 {
			t.Errorf("heard %+v", heard)
		}
		if st := c.Stats(); st.Reconnects.Load() < 2 || st.Streams.Load() != 0 {
			t.Errorf("%d reconnects, %d streams left", st.Reconnects.Load(), st.Streams.Load())
		}
	})
}

func TestAStreamThatIsRefusedEnds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n, c := connect(t)
		n.Start(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/v1/rider/enrol" {
				answer(w, 200, map[string]any{"access_token": "a", "expires_in_s": 900})
				return
			}
			problem(w, 403, "forbidden")
		}))
		r, err := c.Enrol(t.Context(), "code")
		if err != nil {
			t.Fatal(err)
		}
		if err := r.Stream(t.Context(), func(client.Work) {}); !client.IsCode(err, "forbidden") {
			t.Error(err)
		}
	})
}

func TestActionsKeepTheirID(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n, c := connect(t)
		var ids []string
		n.Start(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.URL.Path == "/v1/rider/enrol" {
				answer(w, 200, map[string]any{"access_token": "a", "expires_in_s": 900})
				return
			}
			var a client.Action
			_ = json.NewDecoder(r.Body).Decode(&a)
			if ids = append(ids, a.ID); len(ids) == 1 {
				panic(http.ErrAbortHandler)
			}
			answer(w, 200, map[string]any{})
		}))
		r, err := c.Enrol(t.Context(), "code")
		if err != nil {
			t.Fatal(err)
		}
		if err := r.Step(t.Context(), "ord_1", client.Deliver, client.Action{ID: "one"}); err != nil || fmt.Sprint(ids) != "[one one]" {
			t.Errorf("%v: %v", ids, err)
		}
	})
}
