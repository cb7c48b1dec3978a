package api

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// contract is the OpenAPI document as a caller reads it: what may be sent, and what the answers look like. Its schemas are judged by
// a library of their own, not by what the server checks with.
type contract struct {
	doc    m
	mu     sync.Mutex
	judge  *jsonschema.Compiler
	judges map[string]*jsonschema.Schema // by JSON pointer
}

func newContract(t *testing.T) *contract {
	t.Helper()
	k := &contract{judge: jsonschema.NewCompiler(), judges: map[string]*jsonschema.Schema{}}
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
	k.mu.Lock()
	s := k.judges[ptr]
	if s == nil {
		var err error
		if s, err = k.judge.Compile("openapi.json#" + ptr); err != nil {
			k.mu.Unlock()
			t.Fatalf("the document's own schema: %v", err)
		}
		k.judges[ptr] = s
	}
	k.mu.Unlock()
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(raw))
	if err != nil {
		return fmt.Errorf("no JSON: %w", err)
	}
	return s.Validate(v)
}

// holds compares an answer of an operation with the document.
func (k *contract) holds(t *testing.T, op operation, r reply, said string) {
	t.Helper()
	responses := pointer("paths", op.path, strings.ToLower(op.method), "responses")
	as := strconv.Itoa(r.status)
	switch documented := k.at(responses+pointer(as)) != nil; {
	case r.status >= 500:
		t.Error(said)
		return
	case r.status >= 400:
		if !op.facade() { // whose errors have a shape of their own
			checkProblem(t, r)
		}
		if !documented {
			as = "default"
		}
	case !documented:
		t.Errorf("a status that the document does not know: %s", said)
		return
	}
	content := k.at(responses + pointer(as, "content"))
	kind, _, _ := strings.Cut(r.header.Get("Content-Type"), ";")
	if _, known := content[kind]; !known && len(r.raw) > 0 {
		t.Errorf("an undocumented type, %s: %s", kind, said)
		return
	}
	if strings.HasSuffix(kind, "json") {
		if err := k.fits(t, responses+pointer(as, "content", kind, "schema"), r.raw); err != nil {
			t.Errorf("%v: %s", err, said)
		}
	}
}

// Every operation of the document is let in with a body made from its schema, where there is something for it to act on; and is then
// called with other bodies that its schema allows, and with spoilt ones. None makes the server fail, none that the schema forbids is
// let in, and every answer is what the document says.
func TestContract(t *testing.T) {
	t.Parallel()
	k, w := newContract(t), newSceneWorld(t)
	ops := map[string]bool{}
	for _, op := range operations(t) {
		ops[op.name] = true
		if op.stream {
			continue // stream_test.go
		}
		t.Run(op.name, func(t *testing.T) {
			t.Parallel()
			a := newCaller(t, k, w, op)
			if r := a.plainly(t); r.status >= http.StatusMultipleChoices {
				t.Fatalf("the plainest call was refused, %d %s: does it need a scene (contract_scene_test.go)?", r.status, r.raw)
			}
			for n := range 10 {
				a.vary(t, n%2 == 1)
			}
			for _, broken := range []string{"", "{", "null", "[]", `"x"`, "{}{}", `{"a":` + strings.Repeat("[", 5000)} {
				if op.hasBody && a.schema != nil && a.call(t, broken).status < http.StatusBadRequest {
					t.Errorf("let in %.20q", broken)
				}
			}
		})
	}
	for name := range scenes {
		if !ops[name] {
			t.Errorf("the scene of %s has no operation", name)
		}
	}
}

// vary calls the operation with a body that its schema allows, or with a spoilt one.
func (a *caller) vary(t *testing.T, spoilt bool) {
	t.Helper()
	if a.schema == nil {
		a.call(t, a.scene.raw)
		return
	}
	body := a.value(t, a.schema)
	if spoilt {
		body = a.spoil(body)
	}
	raw, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	wrong := a.fits(t, a.schemaAt, raw)
	if wrong != nil { // what is null counts as left out
		wrong = a.fits(t, a.schemaAt, withoutNulls(t, raw))
	}
	r := a.call(t, raw)
	if wrong != nil && r.status < http.StatusMultipleChoices && !strings.Contains(string(r.raw), `"error":{`) { // a batch answers each row for itself
		t.Errorf("%.600s was let in, which its schema forbids: %v", raw, wrong)
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
