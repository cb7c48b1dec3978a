// Package migrations holds the schema: numbered SQL files, applied in order by internal/pg.
package migrations

import "embed"

// FS holds the SQL files (goose's format).
//
//go:embed *.sql
var FS embed.FS
