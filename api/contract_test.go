package api

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// contract is the OpenAPI document as a caller reads it: what may be sent, and what the answers look like. Its schemas are judged by
// a library of their own, not by what the server checks with.
type contract struct {
	w      *world
	rng    *rand.Rand
	doc    m
	judge  *jsonschema.Compiler
	judges map[string]*jsonschema.Schema // by JSON pointer
	ids    map[string][]string           // met so far, by their prefix
}

func newContract(t *testing.T, w *world) *contract {
	t.Helper()
	k := &contract{w: w, rng: rand.New(rand.NewPCG(4, 4)), judge: jsonschema.NewCompiler(), judges: map[string]*jsonschema.Schema{}, ids: map[string][]string{}}
	raw, err := OpenAPI()
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	k.judge.AssertFormat()
	if err := k.judge.AddResource("openapi.json", doc); err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, &k.doc); err != nil {
		t.Fatal(err)
	}
	return k
}

// pointer joins the parts of a JSON pointer (RFC 6901).
func pointer(parts ...string) string {
	var b strings.Builder
	for _, p := range parts {
		b.WriteString("/" + strings.NewReplacer("~", "~0", "/", "~1").Replace(p))
	}
	return b.String()
}

// at is the part of the document at a pointer; nil where there is none.
func (k *contract) at(ptr string) m {
	var v any = k.doc
	for p := range strings.SplitSeq(strings.TrimPrefix(ptr, "/"), "/") {
		obj, _ := v.(m)
		v = obj[strings.NewReplacer("~1", "/", "~0", "~").Replace(p)]
	}
	obj, _ := v.(m)
	return obj
}

// fits reports whether JSON is what the schema at a pointer asks for.
func (k *contract) fits(t *testing.T, ptr string, raw []byte) error {
	t.Helper()
	s := k.judges[ptr]
	if s == nil {
		var err error
		if s, err = k.judge.Compile("openapi.json#" + ptr); err != nil {
			t.Fatalf("the document's own schema: %v", err)
		}
		k.judges[ptr] = s
	}
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	if err != nil {
		return fmt.Errorf("no JSON: %w", err)
	}
	return s.Validate(v)
}

// met keeps the ids in an answer, to be sent later.
func (k *contract) met(v any) {
	switch v := v.(type) {
	case m:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			k.met(v[name])
		}
	case []any:
		for _, x := range v {
			k.met(x)
		}
	case string:
		if prefix, _, ok := strings.Cut(v, "_"); ok && idText.MatchString(v) && len(k.ids[prefix]) < 50 {
			k.ids[prefix] = append(k.ids[prefix], v)
		}
	}
}

// call sends a body to an operation with made-up ids and query, and holds the answer against the document.
func (k *contract) call(t *testing.T, c *company, op operation, body any) reply {
	t.Helper()
	of := []string{"paths", op.path, strings.ToLower(op.method)}
	path, query := op.path, url.Values{}
	parameters, _ := k.at(pointer(of...))["parameters"].([]any)
	for _, x := range parameters {
		p := x.(m)
		name, in := p["name"].(string), p["in"]
		if in == "query" && k.rng.IntN(4) > 0 && p["required"] != true {
			continue
		}
		text := fmt.Sprint(k.value(t, p["schema"].(m)))
		switch in {
		case "path":
			path = strings.ReplaceAll(path, "{"+name+"}", url.PathEscape(text))
		case "query":
			query.Set(name, text)
		}
	}
	r := k.w.do(t, c.credsFor(op), op.method, path+"?"+query.Encode(), body)
	k.met(any(r.body))
	said := fmt.Sprintf("%s %s?%s with %.600s: %d %.600s", op.method, path, query.Encode(), asText(body), r.status, r.raw)
	responses := k.at(pointer(append(of, "responses")...))
	as := strconv.Itoa(r.status)
	switch _, documented := responses[as]; {
	case r.status >= 500:
		t.Error(said)
		return r
	case r.status >= 400:
		if !op.facade() { // whose errors have a shape of their own
			checkProblem(t, r)
		}
		if !documented {
			as = "default"
		}
	case !documented:
		t.Errorf("a status that the document does not know: %s", said)
		return r
	}
	content := k.at(pointer(append(of, "responses", as, "content")...))
	kind, _, _ := strings.Cut(r.header.Get("Content-Type"), ";")
	if _, known := content[kind]; !known && len(r.raw) > 0 {
		t.Errorf("an undocumented type, %s: %s", kind, said)
		return r
	}
	if strings.HasSuffix(kind, "json") {
		if err := k.fits(t, pointer(append(of, "responses", as, "content", kind, "schema")...), r.raw); err != nil {
			t.Errorf("%v: %s", err, said)
		}
	}
	return r
}

func asText(body any) string {
	raw, _ := json.Marshal(body) // for a message
	return string(raw)
}

// Every operation of the document is called with bodies that its schema allows and with spoilt ones. None makes the server
// fail, none that the schema forbids is let in, and every answer is what the document says.
func TestContract(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := w.company(t)
	c.onShift(t)
	c.setTariff(t)
	k := newContract(t, w)
	k.met(any(m{"a": c.store.String(), "b": c.zone.String(), "c": c.merchant.String(), "d": c.rider.ID.String(), "e": c.quote(t).text("id")}))
	for range 3 {
		k.met(any(m{"a": c.place(t)}))
	}
	c.settle(t)
	ops := operations(t)
	slices.SortFunc(ops, func(a, b operation) int {
		return strings.Compare(endsCalls(a)+a.path+a.method, endsCalls(b)+b.path+b.method)
	})
	let, refused := 0, 0
	var never []string // let anything in
	for _, op := range ops {
		if op.stream {
			continue // stream_test.go
		}
		before := let
		if rest, ok := strings.CutPrefix(op.path, "/v1/rider/o"); ok { // offers and orders of the rider's own
			for _, open := range w.ok(t, c.phone, "GET", "/v1/rider/offers", nil).at("data").([]any) { // one at a time
				w.ok(t, c.phone, "POST", "/v1/rider/offers/"+open.(m)["id"].(string)+"/accept", w.act())
			}
			o := c.place(t)
			offer := c.offer(t, o).String()
			k.ids["off"], k.ids["ord"] = []string{offer}, []string{o}
			if strings.HasPrefix(rest, "rders") {
				w.ok(t, c.phone, "POST", "/v1/rider/offers/"+offer+"/accept", w.act())
			}
		}
		schema := pointer("paths", op.path, strings.ToLower(op.method), "requestBody", "content", "application/json", "schema")
		takes := k.at(schema)
		for n := range 12 {
			if takes == nil {
				if n < 6 && k.call(t, c, op, nil).status < http.StatusMultipleChoices {
					let++
				}
				continue
			}
			body := k.value(t, takes)
			if n%2 == 1 {
				body = k.spoil(body)
			}
			raw, err := json.Marshal(body)
			if err != nil {
				t.Fatal(err)
			}
			wrong := k.fits(t, schema, raw)
			if wrong != nil { // what is null counts as left out
				wrong = k.fits(t, schema, withoutNulls(t, raw))
			}
			r := k.call(t, c, op, json.RawMessage(raw))
			accepted := r.status < http.StatusMultipleChoices
			if wrong != nil && accepted && !strings.Contains(string(r.raw), `"error":{`) { // a batch answers each row for itself
				t.Errorf("%s let in %.600s, which its schema forbids: %v", op.name, raw, wrong)
			}
			if accepted {
				let++
			} else {
				refused++
			}
		}
		if let == before {
			never = append(never, op.name)
		}
		for _, broken := range []string{"", "{", "null", "[]", `"x"`, "{}{}", `{"a":` + strings.Repeat("[", 5000)} {
			if op.hasBody {
				if status := k.call(t, c, op, broken).status; status < http.StatusBadRequest {
					t.Errorf("%s let in %.20q", op.name, broken)
				}
			}
		}
	}
	t.Logf("%d calls let in, %d refused; always refused: %v", let, refused, never)
	if len(never) > len(ops)/2 {
		t.Errorf("%d of %d operations refused every call: that proves little", len(never), len(ops))
	}
}

// withoutNulls is a body without the fields of it that are null.
func withoutNulls(t *testing.T, raw []byte) []byte {
	t.Helper()
	var body any
	if err := json.Unmarshal(raw, &body); err != nil {
		t.Fatal(err)
	}
	var strip func(v any)
	strip = func(v any) {
		switch v := v.(type) {
		case m:
			maps.DeleteFunc(v, func(_ string, x any) bool { return x == nil })
			for _, x := range v {
				strip(x)
			}
		case []any:
			for _, x := range v {
				strip(x)
			}
		}
	}
	strip(body)
	out, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// endsCalls sorts what may end the caller's own rights to the end, and other companies' operations behind it.
func endsCalls(op operation) string {
	if strings.Contains(op.path, "logout") || strings.Contains(op.path, "/keys/") {
		return "~"
	}
	if op.facade() || strings.Contains(op.path, "doordash") {
		return "~~"
	}
	return ""
}
