package api

import (
	"encoding"
	"encoding/base64"
	"fmt"
)

// Page is the part of a list that is wanted.
type Page struct {
	Limit  int    `query:"limit" default:"50" minimum:"1" maximum:"200"`
	Cursor string `query:"cursor" maxLength:"100" doc:"next_cursor of the page before."`
}

type textID interface {
	comparable
	encoding.TextMarshaler
}

// after reads the cursor: the last id of the page before. Callers see no more than letters.
func after[T textID](p Page) (last T, err error) {
	if p.Cursor == "" {
		return last, nil
	}
	text, err := base64.RawURLEncoding.DecodeString(p.Cursor)
	if err == nil {
		err = any(&last).(encoding.TextUnmarshaler).UnmarshalText(text)
	}
	if err != nil {
		return last, invalid(FieldFault{"query.cursor", "is not a next_cursor of this list", p.Cursor})
	}
	return last, nil
}

// cut takes one page of what was asked with one more than the limit, and names the next.
func cut[V any, T textID](found []V, limit int, of func(V) T) (data []V, next string) {
	if len(found) <= limit {
		return found, ""
	}
	found = found[:limit]
	text, err := of(found[limit-1]).MarshalText()
	if err != nil { // ids always have a text
		panic(err)
	}
	return found, base64.RawURLEncoding.EncodeToString(text)
}

func index(field string, i int) string { return fmt.Sprintf("%s[%d]", field, i) }
