package api

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
)

var (
	idText    = regexp.MustCompile(`^[a-z]{3}_[0-7][0-9a-hjkmnp-tv-z]{25}$`)
	idPattern = regexp.MustCompile(`^\^([a-z]{3})_\[0-7\]`)
)

// value makes one up for a schema: mostly a plausible one, sometimes an extreme one.
func (a *caller) value(t *testing.T, s m) any {
	t.Helper()
	if ref, ok := s["$ref"].(string); ok {
		return a.value(t, a.at(strings.TrimPrefix(ref, "#")))
	}
	if list, ok := s["anyOf"].([]any); ok {
		return a.value(t, list[a.rng.IntN(len(list))].(m))
	}
	if list, ok := s["enum"].([]any); ok {
		if a.calm {
			return list[0]
		}
		return list[a.rng.IntN(len(list))]
	}
	kind, _ := s["type"].(string)
	if kinds, ok := s["type"].([]any); ok { // the second is null
		if kind = kinds[0].(string); !a.calm && a.rng.IntN(8) == 0 {
			return nil
		}
	}
	switch kind {
	case "object":
		return a.object(t, s)
	case "array":
		least, most := bounds(s, "minItems", "maxItems", 0, 3)
		list := make([]any, 0, 4)
		n := int(least) + a.rng.IntN(int(min(most, least+3)-least)+1)
		if a.calm {
			n = int(max(1, least))
		}
		for range n {
			list = append(list, a.value(t, s["items"].(m)))
		}
		return list
	case "string":
		return a.text(t, s)
	case "integer":
		least, most := bounds(s, "minimum", "maximum", -5, 1000)
		return int64(a.number(least, most))
	case "number":
		return a.number(bounds(s, "minimum", "maximum", -5, 1000))
	case "boolean":
		return a.rng.IntN(2) == 0
	}
	return m{"anything": "goes"}
}

func (a *caller) object(t *testing.T, s m) m {
	t.Helper()
	out := m{}
	required, _ := s["required"].([]any)
	properties, _ := s["properties"].(m)
	if properties["lat"] != nil && len(properties) == 2 && (a.calm || a.rng.IntN(6) > 0) { // the rest of the globe has no zone
		return m{"lat": duomo.Lat + a.rng.Float64()*0.02 - 0.01, "lng": duomo.Lng + a.rng.Float64()*0.02 - 0.01}
	}
	for _, name := range slices.Sorted(maps.Keys(properties)) {
		if slices.Contains(required, any(name)) || !a.calm && a.rng.IntN(3) == 0 {
			out[name] = a.value(t, properties[name].(m))
		}
	}
	if more, ok := s["additionalProperties"].(m); ok && !a.calm {
		for range a.rng.IntN(3) {
			out[fmt.Sprint("key", a.rng.IntN(100))] = a.value(t, more)
		}
	}
	return out
}

func bounds(s m, least, most string, from, to float64) (float64, float64) {
	if v, ok := s[least].(float64); ok {
		from, to = v, max(to, v)
	}
	if v, ok := s[most].(float64); ok {
		from, to = min(from, v), v
	}
	return from, to
}

func (a *caller) number(least, most float64) float64 {
	if a.calm {
		return max(least, min(most, 1))
	}
	switch a.rng.IntN(8) {
	case 0:
		return least
	case 1:
		return most
	}
	return least + a.rng.Float64()*(min(most, least+1000)-least)
}

func (a *caller) text(t *testing.T, s m) string {
	t.Helper()
	pattern, _ := s["pattern"].(string)
	if of := idPattern.FindStringSubmatch(pattern); of != nil {
		if known := a.ids[of[1]]; len(known) > 0 && (a.calm || a.rng.IntN(6) > 0) {
			return known[a.rng.IntN(len(known))]
		}
		return of[1] + "_01h455vb4pex5vsknk084sn02q"
	}
	switch pattern {
	case "":
	case "^[A-Z]{3}$":
		return "EUR"
	default:
		texts := slices.DeleteFunc([]string{"09:30", "24:00", "4711", "A-1", "en", "2026-03"}, func(text string) bool { return !regexp.MustCompile(pattern).MatchString(text) })
		if len(texts) == 0 {
			t.Fatalf("no text fits the pattern %s: add one", pattern)
		}
		return texts[a.rng.IntN(len(texts))]
	}
	switch s["format"] {
	case "date-time":
		if a.calm {
			return a.w.clock.Now().Add(time.Hour).Format(time.RFC3339)
		}
		return a.w.clock.Now().Add(time.Duration(a.rng.IntN(10*3600)-3600) * time.Second).Format(time.RFC3339)
	case "date":
		return a.w.clock.Now().AddDate(0, 0, -a.rng.IntN(3)).Format(time.DateOnly)
	case "uuid":
		return uuid.NewString()
	case "uri":
		return "https://example.com/hook"
	}
	least, most := bounds(s, "minLength", "maxLength", 0, 40)
	if a.calm {
		return strings.Repeat("x", int(min(most, max(least, 8))))
	}
	const letters = "abz09 _-.+@/'\"\\<&%;ä派単🛵\t\n"
	runes := []rune(letters)
	out := make([]rune, int(least)+a.rng.IntN(int(min(most, least+20)-least)+1))
	for i := range out {
		out[i] = runes[a.rng.IntN(len(runes))]
	}
	return string(out)
}

// spoil replaces, drops or adds something somewhere in a value.
func (a *caller) spoil(v any) any {
	junk := []any{nil, true, -1e12, 1e300, "", strings.Repeat("x", 3000), []any{}, []any{nil}, m{"x": 1}, "\x00", "9999-99-99T99:99:99Z", 0.5}
	switch v := v.(type) {
	case m:
		names := slices.Sorted(maps.Keys(v))
		switch at := a.rng.IntN(len(names) + 2); {
		case at < len(names) && a.rng.IntN(4) == 0:
			delete(v, names[at])
			return v
		case at < len(names):
			v[names[at]] = a.spoil(v[names[at]])
			return v
		case at == len(names):
			v["unheard_of"] = 1
			return v
		}
	case []any:
		if len(v) > 0 && a.rng.IntN(4) > 0 {
			i := a.rng.IntN(len(v))
			v[i] = a.spoil(v[i])
			return v
		}
	}
	return junk[a.rng.IntN(len(junk))]
}
