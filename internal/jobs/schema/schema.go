// Package schema brings River's tables up to date. It is apart from internal/jobs because internal/pg needs it.
package schema

import (
	"context"
	"fmt"
	"log/slog"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"
)

// grants lets the role use every River table, those of later River versions too.
const grants = `do $$
declare r regclass;
begin
	for r in select c.oid from pg_class c where c.relnamespace = current_schema()::regnamespace
		and c.relname like 'river\_%%' and c.relkind in ('r', 'p')
	loop
		execute format('grant select, insert, update, delete on %%s to %[1]s', r);
	end loop;
	for r in select c.oid from pg_class c where c.relnamespace = current_schema()::regnamespace
		and c.relname like 'river\_%%' and c.relkind = 'S'
	loop
		execute format('grant usage, select on sequence %%s to %[1]s', r);
	end loop;
end $$`

// Up applies what is missing and grants the tables to role. The caller makes sure that only one node does so at a time.
func Up(ctx context.Context, pool *pgxpool.Pool, role string) error {
	// Its errors are returned, and a line per migration of another's schema helps nobody.
	m, err := rivermigrate.New(riverpgxv5.New(pool), &rivermigrate.Config{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		return fmt.Errorf("prepare the job tables: %w", err)
	}
	if _, err := m.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return fmt.Errorf("migrate the job tables: %w", err)
	}
	if _, err := pool.Exec(ctx, fmt.Sprintf(grants, role)); err != nil {
		return fmt.Errorf("grant the job tables to %s: %w", role, err)
	}
	return nil
}
