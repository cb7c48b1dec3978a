package pg

import (
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
)

const (
	socketName = ".s.PGSQL.5432"
	// maxSocketPath is what a Unix socket's address holds on Linux (macOS: four less) without its final zero.
	maxSocketPath = 103
)

// socketPath is the private folder of the socket: in the data folder, or in /tmp when that path is too long.
// Its name there follows from the data folder's.
func socketPath(data string, acc account) string {
	dir := filepath.Join(data, "run")
	if len(dir)+1+len(socketName) > maxSocketPath {
		dir = fmt.Sprintf("/tmp/paidan-%d-%.6x", acc.uid, sha256.Sum256([]byte(data)))
	}
	return dir
}

// socketDir makes the socket's folder. It must be ours, so nobody can lay one out for us.
func socketDir(data string, acc account) (string, error) {
	dir := socketPath(data, acc)
	if err := acc.mkdir(dir); err != nil {
		return "", fmt.Errorf("make the socket's folder: %w", err)
	}
	// No server of this folder is running (endStale), so these are leftovers, and the pid in the lock file may be anyone's now.
	for _, name := range []string{socketName, socketName + ".lock"} {
		if err := os.RemoveAll(filepath.Join(dir, name)); err != nil {
			return "", fmt.Errorf("clear the socket's folder: %w", err)
		}
	}
	return dir, nil
}
