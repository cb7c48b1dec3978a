package pg

import (
	"context"
	"path/filepath"

	"github.com/jackc/pgx/v5"
)

// RunningURL is the address of a data folder's private server when another process is running it, "" when none is:
// administration need not stop the platform.
func RunningURL(ctx context.Context, dataDir string) string {
	dir, err := filepath.Abs(dataDir)
	if err != nil {
		return ""
	}
	acc, err := accountFor(filepath.Join(dir, "pg"))
	if err != nil {
		return ""
	}
	url := (&Server{dir: dir, socket: socketPath(dir, acc)}).URL()
	c, err := pgx.Connect(ctx, url)
	if err != nil {
		return ""
	}
	defer func() { _ = c.Close(context.WithoutCancel(ctx)) }()
	return url
}
