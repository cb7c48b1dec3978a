package rider

import (
	"encoding/binary"
	"math"

	"github.com/jackc/pgx/v5/pgtype"
)

// pgArray is a one-dimensional array in PostgreSQL's binary form, written by hand: pgx asks each value for its type anew, which for nine columns
// cost as much as all else that a server does with a fix.
type pgArray struct {
	oid  uint32 // of the array
	data []byte
}

// newArray begins an array of n elements of up to width bytes.
func newArray(array, element uint32, n, width int) pgArray {
	b := make([]byte, 0, 20+n*(4+width))
	for _, word := range []uint32{1, 1, element, uint32(n), 1} { // dimensions, may have NULLs, type, length, first index
		b = binary.BigEndian.AppendUint32(b, word)
	}
	return pgArray{array, b}
}

func (a *pgArray) uuid(x [16]byte) {
	a.data = append(binary.BigEndian.AppendUint32(a.data, 16), x[:]...)
}

func (a *pgArray) int64(x int64) {
	a.data = binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint32(a.data, 8), uint64(x))
}

func (a *pgArray) float64(x float64) { a.int64(int64(math.Float64bits(x))) }

// postgresEpoch is 2000-01-01, in µs since 1970.
const postgresEpoch = 946_684_800_000_000

// time adds a timestamptz, given in µs since 1970.
func (a *pgArray) time(micros int64) { a.int64(micros - postgresEpoch) }

// float32 adds a real; NaN becomes NULL.
func (a *pgArray) float32(x float32) {
	if x != x {
		a.data = binary.BigEndian.AppendUint32(a.data, math.MaxUint32) // a length of -1
		return
	}
	a.data = binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(a.data, 4), math.Float32bits(x))
}

// arraysOf turns rows into columns: rider, at, received, seq, lat, lng, accuracy, speed, heading.
func arraysOf(rows []fixRow) []pgArray {
	n := len(rows)
	riders := newArray(pgtype.UUIDArrayOID, pgtype.UUIDOID, n, 16)
	at, received := newArray(pgtype.TimestamptzArrayOID, pgtype.TimestamptzOID, n, 8), newArray(pgtype.TimestamptzArrayOID, pgtype.TimestamptzOID, n, 8)
	seq := newArray(pgtype.Int8ArrayOID, pgtype.Int8OID, n, 8)
	lat, lng := newArray(pgtype.Float8ArrayOID, pgtype.Float8OID, n, 8), newArray(pgtype.Float8ArrayOID, pgtype.Float8OID, n, 8)
	reals := func() pgArray { return newArray(pgtype.Float4ArrayOID, pgtype.Float4OID, n, 4) }
	accuracy, speed, heading := reals(), reals(), reals()
	for i := range rows {
		r := &rows[i]
		p := r.place.unpack()
		riders.uuid(r.rider)
		at.time(r.at)
		received.time(r.received)
		seq.int64(r.seq)
		lat.float64(p.Lat)
		lng.float64(p.Lng)
		accuracy.float32(r.accuracy)
		speed.float32(r.speed)
		heading.float32(r.heading)
	}
	return []pgArray{riders, at, received, seq, lat, lng, accuracy, speed, heading}
}
