package api

import (
	"bytes"
	"net/http"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/paidan/paidan/internal/id"
)

// faulted lists the fields that a refusal names.
func faulted(r reply) []string {
	var out []string
	faults, _ := r.at("errors").([]any)
	for _, f := range faults {
		out = append(out, f.(m)["field"].(string))
	}
	return out
}

// upload sends a picture as the rider's phone does.
func (c *company) upload(t testing.TB, oid, kind string, content []byte) reply {
	t.Helper()
	as := func(r *http.Request) { c.phone(r); r.Header.Set("Content-Type", "application/octet-stream") }
	return c.w.do(t, as, "POST", "/v1/rider/orders/"+oid+"/proofs?kind="+kind, content)
}

func TestDeliveryNeedsItsProof(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.company(t)
	c.onShift(t)
	oid := c.place(t, m{"proof": m{"photo": true, "signature": true, "pin": "0042", "barcode": "A-1", "age_check": m{"min_age": 18}}})
	c.take(t, oid, "pickup", "arrive-door")
	plan := w.ok(t, c.phone, "GET", "/v1/rider/plan", nil)
	if got := plan.at("orders").([]any)[0].(m)["proof"]; !sameJSON(got, m{"photo": true, "signature": true, "pin": true, "barcode": true, "min_age": 18.0}) {
		t.Errorf("the rider is told %v", got)
	}
	if bytes.Contains(plan.raw, []byte("0042")) || bytes.Contains(plan.raw, []byte("A-1")) {
		t.Errorf("the rider is told the secrets: %s", plan.raw)
	}
	path := "/v1/rider/orders/" + oid + "/deliver"
	act := w.act()
	all := []string{"proof.photo_ids", "proof.signature_id", "proof.pin", "proof.barcode", "proof.age_checked"}
	if got := w.refused(t, c.phone, "POST", path, act, codeProofMissing); !slices.Equal(faulted(got), all) {
		t.Errorf("missing are %v", faulted(got))
	}
	photo, signature := c.upload(t, oid, "photo", pixel), c.upload(t, oid, "signature", pixel)
	if photo.status != http.StatusCreated || signature.status != http.StatusCreated || photo.text("id") == signature.text("id") {
		t.Fatalf("%s %s", photo.raw, signature.raw)
	}
	good := m{"photo_ids": []string{photo.text("id")}, "signature_id": signature.text("id"), "pin": "0042", "barcode": "A-1", "age_checked": true}
	for field, wrong := range map[string]any{
		"pin": "0043", "barcode": "A-2", "signature_id": photo.text("id"), "photo_ids": []string{id.NewProof().String()},
	} {
		proof := m{}
		for k, v := range good {
			proof[k] = v
		}
		proof[field], act["proof"] = wrong, proof
		got := faulted(w.refused(t, c.phone, "POST", path, act, codeProofWrong))
		if len(got) != 1 || (got[0] != "proof."+field && got[0] != "proof."+field+"[0]") {
			t.Errorf("a wrong %s: %v", field, got)
		}
		w.clock.Advance(time.Minute) // for the next guess
	}
	act["proof"] = good
	first := w.ok(t, c.phone, "POST", path, act)
	if again := w.ok(t, c.phone, "POST", path, act); first.text("state") != "delivered" || !bytes.Equal(again.raw, first.raw) {
		t.Errorf("%s, again %s", first.raw, again.raw)
	}

	// The merchant and staff see the pictures; the type is what was sniffed.
	for _, tc := range []struct {
		who  cred
		path string
	}{{c.key, "/v1/orders/"}, {c.viewer, "/v1/console/orders/"}} {
		list := w.ok(t, tc.who, "GET", tc.path+oid+"/proofs", nil).at("data").([]any)
		if len(list) != 2 || list[0].(m)["id"] != photo.text("id") || list[1].(m)["kind"] != "signature" {
			t.Errorf("%v", list)
		}
		got := w.ok(t, tc.who, "GET", tc.path+oid+"/proofs/"+photo.text("id"), nil)
		if !bytes.Equal(got.raw, pixel) || got.header.Get("Content-Type") != "image/png" || got.header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%q %v", got.raw, got.header)
		}
		w.refused(t, tc.who, "GET", tc.path+oid+"/proofs/"+id.NewProof().String(), nil, codeNotFound)
	}
	other := c.place(t)
	w.refused(t, c.key, "GET", "/v1/orders/"+other+"/proofs/"+photo.text("id"), nil, codeNotFound)
}

// A PIN can't be found by trying.
func TestPINGuesses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.company(t)
	c.onShift(t)
	oid := c.place(t, m{"proof": m{"pin": "0042"}})
	c.take(t, oid, "pickup")
	try := func(pin string) m {
		return m{"action_id": uuid.NewString(), "at": w.clock.Now(), "proof": m{"pin": pin}}
	}
	path := "/v1/rider/orders/" + oid + "/deliver"
	for range guesses.Burst {
		w.refused(t, c.phone, "POST", path, try("1111"), codeProofWrong)
	}
	r := w.refused(t, c.phone, "POST", path, try("0042"), codeRateLimited)
	if r.header.Get("Retry-After") != "30" {
		t.Errorf("retry after %q", r.header.Get("Retry-After"))
	}
	w.clock.Advance(30 * time.Second)
	w.ok(t, c.phone, "POST", path, try("0042"))
}

func TestUploads(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.company(t)
	c.onShift(t)
	oid := c.place(t)
	refuse := func(r reply, code string) {
		t.Helper()
		checkProblem(t, r)
		if r.text("code") != code {
			t.Errorf("want %s: %s", code, r.raw)
		}
	}
	refuse(c.upload(t, oid, "photo", pixel), codeNotFound) // not the rider's yet
	c.take(t, oid)
	for _, bad := range []string{"<svg xmlns='http://www.w3.org/2000/svg'/>", "<html>", "GIF89a", "%PDF-1.4", "", `{"a":1}`} {
		if r := c.upload(t, oid, "photo", []byte(bad)); r.status != http.StatusUnsupportedMediaType && r.status != http.StatusUnprocessableEntity {
			t.Errorf("%q: %d %s", bad, r.status, r.raw)
		}
	}
	refuse(c.upload(t, oid, "selfie", pixel), codeValidation)
	refuse(c.upload(t, oid, "photo", append(slices.Clone(pixel), make([]byte, maxProof)...)), codeBodyTooLarge)
	big := append(slices.Clone(pixel), make([]byte, 2*maxBody)...)
	first := c.upload(t, oid, "photo", big)
	if again := c.upload(t, oid, "photo", big); first.status != http.StatusCreated || !bytes.Equal(again.raw, first.raw) {
		t.Errorf("%s, again %s", first.raw, again.raw)
	}
	for i := range 19 {
		if r := c.upload(t, oid, "photo", append(slices.Clone(pixel), byte(i))); r.status != http.StatusCreated {
			t.Fatalf("%d: %s", i, r.raw)
		}
	}
	refuse(c.upload(t, oid, "photo", append(slices.Clone(pixel), 99)), codeTooManyProofs)
}
