package client_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"go.uber.org/goleak"

	"github.com/paidan/paidan/client"
	"github.com/paidan/paidan/client/clienttest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// connect makes a client of a network, and ends both with the test. Call it inside the bubble.
func connect(t *testing.T) (*clienttest.Net, *client.Client) {
	t.Helper()
	n := &clienttest.Net{}
	c := client.New(client.Options{URL: clienttest.URL, Dial: n.Dial})
	t.Cleanup(func() {
		c.Close()
		n.Kill()
	})
	return n, c
}

func answer(w http.ResponseWriter, status int, body any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

func problem(w http.ResponseWriter, status int, code string) {
	answer(w, status, map[string]any{"status": status, "code": code, "detail": "because", "request_id": "req_1"})
}
