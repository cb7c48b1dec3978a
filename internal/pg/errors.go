package pg

import (
	"errors"

	"github.com/jackc/pgx/v5/pgconn"
)

// IsUnique reports whether err says that a row broke the named unique constraint or index; "" stands for any.
func IsUnique(err error, constraint string) bool {
	var e *pgconn.PgError
	return errors.As(err, &e) && e.Code == "23505" && (constraint == "" || e.ConstraintName == constraint)
}

// IsForeignKey reports whether err says that a row names one that is not there (or is still named by another);
// "" stands for any constraint.
func IsForeignKey(err error, constraint string) bool {
	var e *pgconn.PgError
	return errors.As(err, &e) && e.Code == "23503" && (constraint == "" || e.ConstraintName == constraint)
}

// IsCheck reports whether err says that a row broke the named CHECK; "" stands for any.
func IsCheck(err error, constraint string) bool {
	var e *pgconn.PgError
	return errors.As(err, &e) && e.Code == "23514" && (constraint == "" || e.ConstraintName == constraint)
}

// IsSerialization reports whether the transaction lost against another (serialization failure or deadlock) and may be
// tried again from its beginning.
func IsSerialization(err error) bool { return isCode(err, "40001") || isCode(err, "40P01") }

func isCode(err error, code string) bool {
	var e *pgconn.PgError
	return errors.As(err, &e) && e.Code == code
}
