package api

import "encoding"

// idParam is an id in a query, optional: its name, its text, and where it goes.
type idParam struct {
	name, text string
	into       encoding.TextUnmarshaler
}

// parseIDs reads ids of a query. The schema has checked their form; the empty text is no id.
func parseIDs(params ...idParam) error {
	for _, p := range params {
		if err := p.into.UnmarshalText([]byte(p.text)); err != nil {
			return invalid(FieldFault{"query." + p.name, err.Error(), nil})
		}
	}
	return nil
}
