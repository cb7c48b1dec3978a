package api

import (
	"bytes"
	"encoding/json"
	"regexp"
)

// maxTold bounds what one act may add to the log.
const maxTold = 8 << 10

const untold = "…"

// tellable are the fields whose texts are settings: neither secret nor about a person. Numbers, truth values and ids are told of
// every field, other texts of none, so a field that is new is not told before somebody has thought about it.
var tellable = map[string]bool{
	"currency": true, "ends_at": true, "event_types": true, "events": true, "from": true, "kind": true, "mode": true, "role": true, "scopes": true,
	"skills": true, "state": true, "timezone": true, "until": true, "vehicle": true, "vehicles": true,
}

// ofPlaces are told where they name a place or a company, not a person.
var ofPlaces = map[string]bool{"name": true, "external_id": true}

// settings are objects that are told whole.
var settings = map[string]bool{"policy": true, "tariff": true}

// people are lists and objects about persons.
var people = map[string]bool{"riders": true, "users": true, "contact": true, "dropoff": true, "customer": true}

// hidden are words in the names of fields of which nothing is told, whatever their type.
var hidden = regexp.MustCompile(`(?i)password|secret|token|pin|code|phone|email|latitude|longitude|^(lat|lng)$`)

var typeID = regexp.MustCompile(`^[a-z]{3}_[0-7][0-9a-hjkmnp-tv-z]{25}$`)

// toldChanges is what the audit log keeps of a request's body: the fields that it names, with their values where these may be told.
// A body that is no object, or too large, is {}, or the names of its fields alone.
func toldChanges(body []byte) json.RawMessage {
	var fields map[string]any
	if json.Unmarshal(body, &fields) != nil || len(fields) == 0 {
		return nil
	}
	for name, v := range fields {
		fields[name] = told(name, v, false)
	}
	out, err := json.Marshal(fields)
	if err == nil && len(out) > maxTold {
		for name := range fields {
			fields[name] = untold
		}
		out, err = json.Marshal(fields)
	}
	if err != nil || len(out) > maxTold || bytes.Contains(out, []byte(`\u0000`)) { // PostgreSQL can't keep a NUL
		return nil
	}
	return out
}

func told(name string, v any, person bool) any {
	if hidden.MatchString(name) {
		return untold
	}
	person = person || people[name]
	switch v := v.(type) {
	case map[string]any:
		for k, x := range v {
			if !settings[name] {
				x = told(k, x, person)
			}
			v[k] = x
		}
	case []any:
		for i, x := range v {
			v[i] = told(name, x, person)
		}
	case string:
		if !tellable[name] && (person || !ofPlaces[name]) && !typeID.MatchString(v) {
			return untold
		}
	}
	return v
}
