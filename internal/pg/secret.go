package pg

import (
	"context"
	"crypto/rand"
	"fmt"

	"github.com/jackc/pgx/v5"
)

// secretLen is the size of a secret in bytes.
const secretLen = 32

// Secret is the installation's random 32-byte secret of that name, made at the first call. Nodes that ask together get the same.
// It connects as the URL's user: paidan_app can't read the table.
func Secret(ctx context.Context, url, name string) ([]byte, error) {
	c, err := pgx.Connect(ctx, url)
	if err != nil {
		return nil, fmt.Errorf("reach the database: %w", err)
	}
	defer func() { _ = c.Close(context.WithoutCancel(ctx)) }()
	fresh := make([]byte, secretLen)
	_, _ = rand.Read(fresh) // never fails
	if _, err := c.Exec(ctx, "insert into system_secrets (name, value) values ($1, $2) on conflict (name) do nothing", name, fresh); err != nil {
		return nil, fmt.Errorf("make the secret %s: %w", name, err)
	}
	var value []byte
	if err := c.QueryRow(ctx, "select value from system_secrets where name = $1", name).Scan(&value); err != nil {
		return nil, fmt.Errorf("read the secret %s: %w", name, err)
	}
	return value, nil
}
