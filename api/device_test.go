package api

import (
	"testing"
	"time"

	"github.com/paidan/paidan/internal/id"
	"github.com/paidan/paidan/rider"
)

// device logs the company's rider in on one more phone, past the API, and returns the device's id.
func (c *company) device(t *testing.T, name string) string {
	t.Helper()
	refresh, err := rider.NewDevice(t.Context(), c.w.db, c.tenant, c.rider.ID, name, c.w.clock.Now())
	if err != nil {
		t.Fatal(err)
	}
	on, err := rider.DeviceOf(t.Context(), c.w.db, c.tenant, refresh)
	if err != nil {
		t.Fatal(err)
	}
	return on.String()
}

// enrol pairs a phone of the rider's by a new code.
func (c *company) enrol(t *testing.T, name string) reply {
	t.Helper()
	code := c.w.ok(t, c.dispatcher, "POST", "/v1/console/riders/"+c.rider.ID.String()+"/enrolment-code", nil).text("enrolment_code")
	return c.w.ok(t, nobodyAtAll, "POST", "/v1/rider/enrol", m{"code": code, "device_name": name})
}

func TestDevicesAreListedAndRevoked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.company(t)
	of := "/v1/console/riders/" + c.rider.ID.String()
	mine, lost := c.enrol(t, "Pixel 9"), c.enrol(t, "")
	phone := bearerOf(mine.text("access_token"))
	names := func(who cred, path string) (ids []string, current int) {
		t.Helper()
		for _, x := range w.ok(t, who, "GET", path, nil).at("data").([]any) {
			d := x.(m)
			ids = append(ids, d["id"].(string))
			if d["current"] == true {
				current++
				if d["name"] != "Pixel 9" {
					t.Errorf("the one that asks is %v", d)
				}
			}
		}
		return ids, current
	}
	ids, current := names(phone, "/v1/rider/devices")
	if len(ids) != 2 || current != 1 {
		t.Fatalf("%v, %d current", ids, current)
	}
	w.clock.Advance(time.Minute)
	refreshed := w.ok(t, nobodyAtAll, "POST", "/v1/rider/refresh", m{"refresh_token": mine.text("refresh_token")})
	if again, current := names(bearerOf(refreshed.text("access_token")), "/v1/rider/devices"); len(again) != 2 || again[0] != ids[0] || current != 1 {
		t.Errorf("after a refresh, %v, %d current: it is still the same phone", again, current)
	}
	if staff, current := names(c.viewer, of+"/devices"); len(staff) != 2 || current != 0 {
		t.Errorf("staff see %v", staff)
	}

	w.ok(t, phone, "DELETE", "/v1/rider/devices/"+ids[1], nil)
	w.refused(t, phone, "DELETE", "/v1/rider/devices/"+ids[1], nil, codeNotFound)
	w.refused(t, nobodyAtAll, "POST", "/v1/rider/refresh", m{"refresh_token": lost.text("refresh_token")}, codeUnauthenticated)
	w.refused(t, c.viewer, "DELETE", of+"/devices/"+ids[0], nil, codeForbidden)
	w.ok(t, c.dispatcher, "DELETE", of+"/devices/"+ids[0], nil)
	w.refused(t, nobodyAtAll, "POST", "/v1/rider/refresh", m{"refresh_token": refreshed.text("refresh_token")}, codeUnauthenticated)

	third := c.enrol(t, "third")
	w.ok(t, c.dispatcher, "POST", of+"/sign-out", nil)
	w.refused(t, nobodyAtAll, "POST", "/v1/rider/refresh", m{"refresh_token": third.text("refresh_token")}, codeUnauthenticated)
	if left, _ := names(c.viewer, of+"/devices"); len(left) != 0 {
		t.Errorf("left: %v", left)
	}
	w.refused(t, c.viewer, "GET", "/v1/console/riders/"+id.NewRider().String()+"/devices", nil, codeNotFound)
	if rows := c.audit(t, "operation=revoke-device"); len(rows) != 1 || rows[0]["outcome"] != "ok" || rows[0]["target"] != c.rider.ID.String() {
		t.Errorf("on record: %v", rows)
	}
}

func TestStaffChangeARider(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c, other := w.company(t), w.company(t)
	path := "/v1/console/riders/" + c.rider.ID.String()
	paired := c.enrol(t, "")
	got := w.ok(t, c.admin, "PATCH", path, m{"name": "Gina", "vehicle": "car", "capacity": 40, "max_orders": 3, "skills": []string{"age_restricted", "cold_box"}})
	if got.text("name") != "Gina" || got.text("vehicle") != "car" || got.at("capacity") != 40.0 || got.at("max_orders") != 3.0 || len(got.at("skills").([]any)) != 2 ||
		got.text("phone") != c.rider.Phone || got.at("disabled_at") != nil {
		t.Errorf("%s", got.raw)
	}
	if next := w.ok(t, nobodyAtAll, "POST", "/v1/rider/refresh", m{"refresh_token": paired.text("refresh_token")}); next.text("rider", "vehicle") != "car" {
		t.Errorf("the phone learns %s", next.raw)
	}
	if r := w.refused(t, c.admin, "PATCH", path, m{"zone_id": other.zone.String()}, codeValidation); r.at("errors").([]any)[0].(m)["field"] != "zone_id" {
		t.Errorf("another company's zone: %s", r.raw)
	}
	if r := w.refused(t, c.admin, "PATCH", path, m{"password": "short"}, codeValidation); r.at("errors").([]any)[0].(m)["field"] != "password" {
		t.Errorf("%s", r.raw)
	}
	w.ok(t, c.admin, "POST", "/v1/console/riders", m{"riders": []m{{"name": "Pia", "phone": "+392", "vehicle": "car", "zone_id": c.zone.String()}}})
	w.refused(t, c.admin, "PATCH", path, m{"phone": "+392"}, codeNameTaken)
	w.refused(t, c.dispatcher, "PATCH", path, m{"name": "x"}, codeForbidden)

	paired = c.enrol(t, "")
	if off := w.ok(t, c.admin, "PATCH", path, m{"disabled": true}); off.at("disabled_at") == nil {
		t.Errorf("%s", off.raw)
	}
	w.refused(t, nobodyAtAll, "POST", "/v1/rider/refresh", m{"refresh_token": paired.text("refresh_token")}, codeUnauthenticated)
	w.refused(t, c.dispatcher, "POST", path+"/enrolment-code", nil, codeForbidden)
	if on := w.ok(t, c.admin, "PATCH", path, m{"disabled": false}); on.at("disabled_at") != nil {
		t.Errorf("%s", on.raw)
	}
	c.enrol(t, "")
	if rows := c.audit(t, "operation=update-rider&target="+c.rider.ID.String()); len(rows) != 6 {
		t.Errorf("%d changes and refusals on record", len(rows))
	}
}
