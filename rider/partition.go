package rider

import (
	"context"
	"time"

	"github.com/paidan/paidan/internal/pg"
)

// partitionDays is how many days ahead, today included, have a partition; partitionsBack how many before, as far as maxAge lets fixes in. Fixes of
// other days go to the default one.
const partitionDays, partitionsBack = 3, 3

// EnsurePartitions makes the positions' partitions for the days around now (UTC) that lack one, and moves such days' fixes there from the default one. Nodes
// may call it at the same time.
func EnsurePartitions(ctx context.Context, db *pg.DB, now time.Time) error {
	day := now.UTC().Truncate(24 * time.Hour)
	for i := -partitionsBack; i < partitionDays; i++ {
		// One transaction each, so that a day that fails keeps no other back. Making a partition locks the table, so it is not tried where
		// there is one.
		_, err := db.Pool.Exec(ctx, `
			select create_position_partition(d) from (select $1::date d, pg_advisory_xact_lock($2)) x
			where to_regclass('positions_' || to_char(d, 'YYYYMMDD')) is null`, day.AddDate(0, 0, i), partitionLock)
		if err != nil && !pg.IsUnique(err, "") { // another node made it at the same moment
			return wrap("make the positions' partition of "+day.AddDate(0, 0, i).Format(time.DateOnly), err)
		}
	}
	return nil
}

// partitionLock is the advisory lock under which partitions are made ("pos-part", in ASCII).
const partitionLock int64 = 0x706f732d70617274
