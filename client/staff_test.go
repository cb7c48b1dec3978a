package client_test

import (
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"

	"github.com/paidan/paidan/client"
)

func TestStaffLogInAgainAndReadAllPages(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n, c := connect(t)
		logins := 0
		n.Start(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Header.Get("X-Paidan-Console") != "1" {
				problem(w, 403, "forbidden")
				return
			}
			if r.URL.Path == "/v1/console/login" {
				logins++
				http.SetCookie(w, &http.Cookie{Name: "paidan_session", Value: fmt.Sprintf("s%d", logins), HttpOnly: true})
				answer(w, 200, map[string]any{})
				return
			}
			if k, err := r.Cookie("paidan_session"); err != nil || k.Value != "s2" { // the first session has ended
				problem(w, 401, client.CodeUnauthenticated)
				return
			}
			if r.URL.Query().Get("cursor") == "" {
				answer(w, 200, map[string]any{"data": []map[string]string{{"name": "a"}, {"name": "b"}}, "next_cursor": "x y"})
				return
			}
			answer(w, 200, map[string]any{"data": []map[string]string{{"name": r.URL.Query().Get("cursor")}}})
		}))
		s, err := c.LoginStaff(t.Context(), "demo", "a@b", "pw")
		if err != nil {
			t.Fatal(err)
		}
		zones, err := client.Collect(s.Zones(t.Context()))
		if err != nil || len(zones) != 3 || zones[2].Name != "x y" || logins != 2 {
			t.Errorf("%v, %v after %d log-ins", zones, err, logins)
		}
		if e := c.Stats().Total().Errors; e != 0 {
			t.Errorf("%d errors", e)
		}
	})
}
