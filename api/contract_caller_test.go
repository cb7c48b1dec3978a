package api

import (
	"encoding/json"
	"fmt"
	"hash/fnv"
	"maps"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// caller makes up calls of one operation, in a company of its own.
type caller struct {
	*contract
	w        *world
	op       operation
	scene    scene
	schema   m      // of the body; nil for none, or for one that is no JSON
	schemaAt string // its JSON pointer
	rng      *rand.Rand
	ids      map[string][]string // met so far, by their prefix
	calm     bool                // values are plain ones, and only what is required is sent
}

func newCaller(t *testing.T, k *contract, w *world, op operation) *caller {
	t.Helper()
	seed := fnv.New64()
	_, _ = seed.Write([]byte(op.name))
	a := &caller{contract: k, w: w, op: op, rng: rand.New(rand.NewPCG(seed.Sum64(), 4)), ids: map[string][]string{}}
	a.schemaAt = pointer("paths", op.path, strings.ToLower(op.method), "requestBody", "content", "application/json", "schema")
	a.schema = k.at(a.schemaAt)
	c := w.company(t)
	c.onShift(t)
	c.setTariff(t)
	a.met(m{"a": c.store.String(), "b": c.zone.String(), "c": c.merchant.String(), "d": c.rider.ID.String(), "e": c.place(t)})
	if set := scenes[op.name]; set != nil {
		a.scene = set(t, c)
	}
	if a.scene.as == nil {
		a.scene.as = c.credsFor(op)
	}
	return a
}

// plainly calls with what the schema requires and the scene tells.
func (a *caller) plainly(t *testing.T) reply {
	t.Helper()
	a.calm = true
	defer func() { a.calm = false }()
	if a.schema == nil {
		return a.call(t, a.scene.raw)
	}
	body, isObject := a.value(t, a.schema).(m)
	if !isObject {
		return a.call(t, a.scene.body)
	}
	maps.Copy(body, a.scene.body)
	return a.call(t, body)
}

// call sends a body with the scene's parameters, and others made up, and holds the answer against the document.
func (a *caller) call(t *testing.T, body any) reply {
	t.Helper()
	path, query := a.op.path, url.Values{}
	parameters, _ := a.at(pointer("paths", a.op.path, strings.ToLower(a.op.method)))["parameters"].([]any)
	for _, x := range parameters {
		p := x.(m)
		name, in := p["name"].(string), p["in"]
		text, told := a.scene.at[name]
		switch {
		case told:
		case p["required"] != true && (a.calm || a.rng.IntN(4) > 0):
			continue
		default:
			text = fmt.Sprint(a.value(t, p["schema"].(m)))
		}
		switch in {
		case "path":
			path = strings.ReplaceAll(path, "{"+name+"}", url.PathEscape(text))
		case "query":
			query.Set(name, text)
		}
	}
	r := a.w.do(t, a.scene.as, a.op.method, path+"?"+query.Encode(), body)
	a.met(r.body)
	a.holds(t, a.op, r, fmt.Sprintf("%s %s?%s with %.600s: %d %.600s", a.op.method, path, query.Encode(), asText(body), r.status, r.raw))
	return r
}

// met keeps the ids in an answer, to be sent later.
func (a *caller) met(v any) {
	switch v := v.(type) {
	case m:
		for _, name := range slices.Sorted(maps.Keys(v)) {
			a.met(v[name])
		}
	case []any:
		for _, x := range v {
			a.met(x)
		}
	case string:
		if prefix, _, ok := strings.Cut(v, "_"); ok && idText.MatchString(v) && len(a.ids[prefix]) < 50 {
			a.ids[prefix] = append(a.ids[prefix], v)
		}
	}
}

func asText(body any) string {
	if raw, ok := body.([]byte); ok {
		return string(raw)
	}
	raw, _ := json.Marshal(body) // for a message
	return string(raw)
}
