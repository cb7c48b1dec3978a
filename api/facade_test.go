package api

import (
	"bytes"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"

	"github.com/paidan/paidan/order"
)

// integration is a client of another company's API that talks to a façade. Every answer that it gets must have that company's shape.
type integration struct {
	*testing.T
	w      *world
	who    cred
	shapes *jsonschema.Compiler
	file   string
}

func newIntegration(t *testing.T, c *company, file string) *integration {
	t.Helper()
	in := &integration{T: t, w: c.w, who: c.key, shapes: jsonschema.NewCompiler(), file: file}
	raw, err := os.ReadFile(filepath.Join("testdata", "facades", file))
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	in.shapes.AssertFormat()
	if err := in.shapes.AddResource(file, doc); err != nil {
		t.Fatal(err)
	}
	return in
}

func (in *integration) as(who cred) *integration {
	other := *in
	other.who = who
	return &other
}

// fixture is a recorded request, with what the test changes of it; nil leaves a field out.
func (in *integration) fixture(name string, change ...m) m {
	in.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", "facades", name))
	if err != nil {
		in.Fatal(err)
	}
	var body m
	if err := json.Unmarshal(raw, &body); err != nil {
		in.Fatal(err)
	}
	for _, x := range change {
		for k, v := range x {
			if body[k] = v; v == nil {
				delete(body, k)
			}
		}
	}
	return body
}

func (in *integration) shaped(shape string, r reply) {
	in.Helper()
	s, err := in.shapes.Compile(in.file + "#/$defs/" + shape)
	if err != nil {
		in.Fatal(err)
	}
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(r.raw))
	if err == nil {
		err = s.Validate(v)
	}
	if err != nil {
		in.Errorf("not the shape of a %s: %v\n%s", shape, err, r.raw)
	}
}

func (in *integration) ok(shape, method, path string, body any) reply {
	in.Helper()
	r := in.w.do(in.T, in.who, method, path, body)
	if r.status != http.StatusOK {
		in.Fatalf("%s %s: %d %s", method, path, r.status, r.raw)
	}
	in.shaped(shape, r)
	return r
}

func (in *integration) refused(status int, code, method, path string, body any) reply {
	in.Helper()
	r := in.w.do(in.T, in.who, method, path, body)
	if r.status != status || r.text("code") != code {
		in.Errorf("%s %s: %d %s, want %d %s\n%s", method, path, r.status, r.text("code"), status, code, r.raw)
	}
	in.shaped("error", r)
	return r
}

// newKeySecret makes an API key of the merchant and tells its id and its secret.
func (c *company) newKeySecret(t *testing.T) (keyID, secret string) {
	t.Helper()
	key, secret, err := order.CreateKey(t.Context(), c.w.db, c.tenant, order.NewKey{Merchant: c.merchant, Name: "integration"}, c.w.clock.Now())
	if err != nil {
		t.Fatal(err)
	}
	return key.ID.String(), secret
}
