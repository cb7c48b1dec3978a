package api

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
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

var (
	idText    = regexp.MustCompile(`^[a-z]{3}_[0-7][0-9a-hjkmnp-tv-z]{25}$`)
	idPattern = regexp.MustCompile(`^\^([a-z]{3})_\[0-7\]`)
)

// value makes one up for a schema: mostly a plausible one, sometimes an extreme one.
func (k *contract) value(t *testing.T, s m) any {
	t.Helper()
	if ref, ok := s["$ref"].(string); ok {
		return k.value(t, k.at(strings.TrimPrefix(ref, "#")))
	}
	if list, ok := s["anyOf"].([]any); ok {
		return k.value(t, list[k.rng.IntN(len(list))].(m))
	}
	if list, ok := s["enum"].([]any); ok {
		return list[k.rng.IntN(len(list))]
	}
	kind, _ := s["type"].(string)
	if kinds, ok := s["type"].([]any); ok { // the second is null
		if kind = kinds[0].(string); k.rng.IntN(8) == 0 {
			return nil
		}
	}
	switch kind {
	case "object":
		return k.object(t, s)
	case "array":
		least, most := k.bounds(s, "minItems", "maxItems", 0, 3)
		list := make([]any, 0, 4)
		for range int(least) + k.rng.IntN(int(min(most, least+3)-least)+1) {
			list = append(list, k.value(t, s["items"].(m)))
		}
		return list
	case "string":
		return k.text(t, s)
	case "integer":
		least, most := k.bounds(s, "minimum", "maximum", -5, 1000)
		return int64(k.number(least, most))
	case "number":
		return k.number(k.bounds(s, "minimum", "maximum", -5, 1000))
	case "boolean":
		return k.rng.IntN(2) == 0
	}
	return m{"anything": "goes"}
}

func (k *contract) object(t *testing.T, s m) m {
	t.Helper()
	out := m{}
	required, _ := s["required"].([]any)
	properties, _ := s["properties"].(m)
	if properties["lat"] != nil && len(properties) == 2 && k.rng.IntN(6) > 0 { // the rest of the globe has no zone
		return m{"lat": duomo.Lat + k.rng.Float64()*0.02 - 0.01, "lng": duomo.Lng + k.rng.Float64()*0.02 - 0.01}
	}
	for _, name := range slices.Sorted(maps.Keys(properties)) {
		if slices.Contains(required, any(name)) || k.rng.IntN(3) == 0 {
			out[name] = k.value(t, properties[name].(m))
		}
	}
	if more, ok := s["additionalProperties"].(m); ok {
		for range k.rng.IntN(3) {
			out[fmt.Sprint("key", k.rng.IntN(100))] = k.value(t, more)
		}
	}
	return out
}

func (k *contract) bounds(s m, least, most string, a, b float64) (float64, float64) {
	if v, ok := s[least].(float64); ok {
		a, b = v, max(b, v)
	}
	if v, ok := s[most].(float64); ok {
		a, b = min(a, v), v
	}
	return a, b
}

func (k *contract) number(least, most float64) float64 {
	switch k.rng.IntN(8) {
	case 0:
		return least
	case 1:
		return most
	}
	return least + k.rng.Float64()*(min(most, least+1000)-least)
}

func (k *contract) text(t *testing.T, s m) string {
	t.Helper()
	pattern, _ := s["pattern"].(string)
	if of := idPattern.FindStringSubmatch(pattern); of != nil {
		if known := k.ids[of[1]]; len(known) > 0 && k.rng.IntN(6) > 0 {
			return known[k.rng.IntN(len(known))]
		}
		return of[1] + "_01h455vb4pex5vsknk084sn02q"
	}
	switch pattern {
	case "":
	case "^[A-Z]{3}$":
		return "EUR"
	default:
		if text := []string{"09:30", "24:00"}[k.rng.IntN(2)]; regexp.MustCompile(pattern).MatchString(text) {
			return text
		}
		return "23:59"
	}
	switch s["format"] {
	case "date-time":
		return k.w.clock.Now().Add(time.Duration(k.rng.IntN(10*3600)-3600) * time.Second).Format(time.RFC3339)
	case "date":
		return k.w.clock.Now().AddDate(0, 0, -k.rng.IntN(3)).Format(time.DateOnly)
	case "uuid":
		return uuid.NewString()
	case "uri":
		return "https://example.com/hook"
	}
	least, most := k.bounds(s, "minLength", "maxLength", 0, 40)
	const letters = "abz09 _-.+@/'\"\\<&%;ä派単🛵\t\n"
	runes := []rune(letters)
	out := make([]rune, int(least)+k.rng.IntN(int(min(most, least+20)-least)+1))
	for i := range out {
		out[i] = runes[k.rng.IntN(len(runes))]
	}
	return string(out)
}

// spoil replaces, drops or adds something somewhere in a value.
func (k *contract) spoil(v any) any {
	junk := []any{nil, true, -1e12, 1e300, "", strings.Repeat("x", 3000), []any{}, []any{nil}, m{"x": 1}, "\x00", "9999-99-99T99:99:99Z", 0.5}
	switch v := v.(type) {
	case m:
		names := slices.Sorted(maps.Keys(v))
		switch at := k.rng.IntN(len(names) + 2); {
		case at < len(names) && k.rng.IntN(4) == 0:
			delete(v, names[at])
			return v
		case at < len(names):
			v[names[at]] = k.spoil(v[names[at]])
			return v
		case at == len(names):
			v["unheard_of"] = 1
			return v
		}
	case []any:
		if len(v) > 0 && k.rng.IntN(4) > 0 {
			i := k.rng.IntN(len(v))
			v[i] = k.spoil(v[i])
			return v
		}
	}
	return junk[k.rng.IntN(len(junk))]
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
		checkProblem(t, r)
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
		for n := range 24 {
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

// endsCalls sorts what may end the caller's own rights to the end.
func endsCalls(op operation) string {
	if strings.Contains(op.path, "logout") || strings.Contains(op.path, "/keys/") {
		return "~"
	}
	return ""
}
