package order

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
)

// KeyUseEvery is how exact a key's time of last use is: however busy the key, it is written once in so long.
const KeyUseEvery = time.Minute

// KeysUsed notes when keys of a tenant were used (at is parallel to keys), in one statement. A key that another node is noting at this
// moment, or has noted within KeyUseEvery, is passed over.
func KeysUsed(ctx context.Context, tx pgx.Tx, tenant id.Tenant, keys []id.Key, at []time.Time) error {
	_, err := tx.Exec(ctx, `
		with used as materialized (
			select k.id, u.at from api_keys k join unnest($2::uuid[], $3::timestamptz[]) as u(id, at) on u.id = k.id
			where k.tenant_id = $1 and (k.last_used_at is null or k.last_used_at <= u.at - $4::interval)
			for no key update of k skip locked
		)
		update api_keys set last_used_at = used.at from used where api_keys.tenant_id = $1 and api_keys.id = used.id`,
		tenant, keys, at, KeyUseEvery)
	if err != nil {
		return fmt.Errorf("note the use of %d API keys: %w", len(keys), err)
	}
	return nil
}
