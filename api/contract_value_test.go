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
