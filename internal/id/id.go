// Package id makes and reads identifiers: TypeIDs (https://github.com/jetify-com/typeid, spec 0.3),
// a UUIDv7 with a prefix that says what it names. In the database they are plain uuids.
package id

import (
	"database/sql/driver"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgtype"
)

// Kind names the prefix of one sort of id; implementations are empty structs.
type Kind interface{ Prefix() string }

// Of is the id of a Kind. The zero value is no id, and its text is empty.
// It is comparable, so it serves as a map key.
type Of[K Kind] uuid.UUID

// New makes an id that sorts after those made before it.
func New[K Kind]() Of[K] { return Of[K](uuid.Must(uuid.NewV7())) }

// Parse reads the text form and refuses another kind's prefix.
func Parse[K Kind](s string) (Of[K], error) {
	var x Of[K]
	err := x.UnmarshalText([]byte(s))
	return x, err
}

// IsZero reports whether there is no id.
func (x Of[K]) IsZero() bool { return x == Of[K]{} }

// UUID is the id without its kind.
func (x Of[K]) UUID() uuid.UUID { return uuid.UUID(x) }

func (x Of[K]) String() string {
	if x.IsZero() {
		return ""
	}
	var k K
	return k.Prefix() + "_" + encode(x)
}

// MarshalText writes the TypeID.
func (x Of[K]) MarshalText() ([]byte, error) { return []byte(x.String()), nil }

// UnmarshalText reads a TypeID; the empty text is no id.
func (x *Of[K]) UnmarshalText(b []byte) error {
	if len(b) == 0 {
		*x = Of[K]{}
		return nil
	}
	var k K
	prefix := k.Prefix() + "_"
	if len(b) != len(prefix)+suffixLen || string(b[:len(prefix)]) != prefix {
		return fmt.Errorf("%q is not an id of the form %s followed by %d characters", clip(b), prefix, suffixLen)
	}
	u, ok := decode(b[len(prefix):])
	if !ok {
		return fmt.Errorf("%q is not an id: its suffix is not Crockford base32", clip(b))
	}
	*x = u
	return nil
}

func clip(b []byte) []byte { return b[:min(len(b), 64)] }

// Value stores the id as a uuid, no id as NULL.
func (x Of[K]) Value() (driver.Value, error) {
	if x.IsZero() {
		return nil, nil
	}
	return uuid.UUID(x).String(), nil
}

// Scan reads a uuid column.
func (x *Of[K]) Scan(src any) error {
	if src == nil {
		*x = Of[K]{}
		return nil
	}
	var u uuid.UUID
	if err := u.Scan(src); err != nil {
		return err
	}
	*x = Of[K](u)
	return nil
}

// UUIDValue lets pgx send the id in binary.
func (x Of[K]) UUIDValue() (pgtype.UUID, error) {
	return pgtype.UUID{Bytes: x, Valid: !x.IsZero()}, nil
}

// ScanUUID lets pgx read the id from binary.
func (x *Of[K]) ScanUUID(v pgtype.UUID) error {
	*x = Of[K](v.Bytes)
	return nil
}
