package client_test

import (
	"errors"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/paidan/paidan/client"
)

// books is a server that remembers orders by key, as the real one does.
type books struct {
	mu     sync.Mutex
	orders map[string]string
	keys   []string
	before func(n int) // called with the number of the request, once the order is in the books
}

func (b *books) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	b.mu.Lock()
	defer b.mu.Unlock()
	key := r.Header.Get("Idempotency-Key")
	b.keys = append(b.keys, key)
	if b.orders[key] == "" {
		b.orders[key] = "ord_" + string(rune('a'+len(b.orders)))
	}
	if b.before != nil {
		b.before(len(b.keys))
	}
	answer(w, http.StatusCreated, map[string]string{"id": b.orders[key]})
}

func TestAnOrderSurvivesTheServersDeath(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n, c := connect(t)
		b := &books{orders: map[string]string{}}
		b.before = func(nth int) {
			if nth > 1 {
				return
			}
			// The order is in the books, but the answer never arrives: the server dies and is back in seven seconds.
			go func() {
				n.Kill()
				time.Sleep(7 * time.Second)
				n.Start(b)
			}()
			panic(http.ErrAbortHandler)
		}
		n.Start(b)
		o, err := c.Merchant("pk").PlaceOrder(t.Context(), "key-1", client.NewOrder{StoreID: "sto_1"})
		if err != nil || o.ID != "ord_a" {
			t.Fatalf("placed %q, %v", o.ID, err)
		}
		if len(b.orders) != 1 || len(b.keys) != 2 || b.keys[1] != "key-1" {
			t.Errorf("the server saw %v and has %v", b.keys, b.orders)
		}
		total := c.Stats().Total()
		if total.Calls != 1 || total.Errors != 0 || total.Retries < 2 {
			t.Errorf("%d calls, %d errors, %d retries", total.Calls, total.Errors, total.Retries)
		}
	})
}

func TestWhatMayNotBeRepeatedIsNot(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n, c := connect(t)
		seen := 0
		n.Start(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {
			seen++
			panic(http.ErrAbortHandler)
		}))
		if _, err := c.Merchant("pk").CreateStore(t.Context(), client.Store{}); err == nil || seen != 1 {
			t.Errorf("%d tries, %v", seen, err)
		}
		if e := c.Stats().Total().Errors; e != 1 {
			t.Errorf("%d errors counted", e)
		}
	})
}

func TestARefusedConnectionIsTriedAgainInAnyCase(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n, c := connect(t)
		go func() {
			time.Sleep(20 * time.Second)
			n.Start(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { answer(w, 201, map[string]string{"id": "sto_1"}) }))
		}()
		if s, err := c.Merchant("pk").CreateStore(t.Context(), client.Store{}); err != nil || s.ID != "sto_1" {
			t.Errorf("%v, %v", s, err)
		}
	})
}

func TestPatienceEnds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		_, c := connect(t)
		begin := time.Now()
		_, err := c.Merchant("pk").Order(t.Context(), "ord_1")
		if took := time.Since(begin); err == nil || took < 2*time.Minute || took > 2*time.Minute+5*time.Second {
			t.Errorf("gave up after %v: %v", took, err)
		}
	})
}

func TestRefusalsAreNotRepeated(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name           string
		status         int
		tries          int
		errors, denied int64
	}{
		{"a conflict is an expected answer", 409, 1, 0, 1},
		{"a bad request is an error", 422, 1, 1, 0},
		{"a fault of the server is an error", 500, 1, 1, 0},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				n, c := connect(t)
				tries := 0
				n.Start(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
					tries++
					problem(w, test.status, "code_x")
				}))
				_, err := c.Merchant("pk").Ready(t.Context(), "ord_1")
				var p *client.Problem
				if !errors.As(err, &p) || p.Status != test.status || p.Code != "code_x" || p.RequestID != "req_1" {
					t.Fatalf("%v", err)
				}
				total := c.Stats().Total()
				if tries != test.tries || total.Errors != test.errors || total.Refused["code_x"] != test.denied {
					t.Errorf("%d tries, %+v", tries, total)
				}
			})
		})
	}
}

func TestABusyServerIsGivenTheTimeItWants(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n, c := connect(t)
		tries := 0
		n.Start(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			if tries++; tries == 1 {
				w.Header().Set("Retry-After", "9")
				problem(w, http.StatusTooManyRequests, "rate_limited")
				return
			}
			answer(w, 200, map[string]string{"id": "ord_1"})
		}))
		begin := time.Now()
		if _, err := c.Merchant("pk").Order(t.Context(), "ord_1"); err != nil {
			t.Fatal(err)
		}
		if took := time.Since(begin); took < 9*time.Second || tries != 2 {
			t.Errorf("%d tries in %v", tries, took)
		}
	})
}
