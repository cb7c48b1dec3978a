package order

import (
	"encoding/base64"
	"encoding/binary"
	"errors"

	"github.com/paidan/paidan/internal/id"
)

// Cursor is a place in the feed: everything up to and including one event. The zero value is the beginning, before all events.
type Cursor struct {
	txid    uint64
	order   id.Order
	version int64
}

const cursorLen = 8 + 16 + 8

var errCursor = errors.New("is not a cursor of the feed")

// Bytes is c in a form that sorts as the feed does.
func (c Cursor) Bytes() []byte {
	b := make([]byte, 0, cursorLen)
	b = binary.BigEndian.AppendUint64(b, c.txid)
	b = append(b, c.order[:]...)
	return binary.BigEndian.AppendUint64(b, uint64(c.version))
}

// CursorOf reads what Bytes wrote.
func CursorOf(b []byte) (Cursor, error) {
	if len(b) != cursorLen {
		return Cursor{}, errCursor
	}
	c := Cursor{txid: binary.BigEndian.Uint64(b), order: id.Order(b[8:24]), version: int64(binary.BigEndian.Uint64(b[24:]))}
	if c.version < 0 {
		return Cursor{}, errCursor
	}
	return c, nil
}

// MarshalText writes letters that tell a caller nothing; the beginning is empty.
func (c Cursor) MarshalText() ([]byte, error) {
	if c == (Cursor{}) {
		return nil, nil
	}
	return base64.RawURLEncoding.AppendEncode(nil, c.Bytes()), nil
}

// UnmarshalText reads them.
func (c *Cursor) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*c = Cursor{}
		return nil
	}
	b, err := base64.RawURLEncoding.AppendDecode(nil, text)
	if err != nil {
		return errCursor
	}
	x, err := CursorOf(b)
	if err == nil {
		*c = x
	}
	return err
}
