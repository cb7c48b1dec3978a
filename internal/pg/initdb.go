package pg

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
)

// clusterMajor is the PostgreSQL version that wrote a cluster, 0 when there is none yet.
func clusterMajor(pgdata string) (int, error) {
	text, err := os.ReadFile(filepath.Join(pgdata, "PG_VERSION"))
	if errors.Is(err, fs.ErrNotExist) {
		if _, err := os.Lstat(pgdata); err == nil {
			return 0, fmt.Errorf("%s is there, but holds no PostgreSQL data: move it away", pgdata)
		}
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("read the data's version: %w", err)
	}
	major, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		return 0, fmt.Errorf("read the data's version: %w", err)
	}
	return major, nil
}

// initCluster makes the cluster beside its place and moves it there when complete, so that a crash leaves nothing half made.
func initCluster(ctx context.Context, inst installation, acc account, pgdata string, noFsync bool) error {
	fresh := pgdata + ".new"
	if err := os.RemoveAll(fresh); err != nil { // of an earlier crash
		return fmt.Errorf("create the database: %w", err)
	}
	if err := acc.mkdir(fresh); err != nil {
		return fmt.Errorf("create the database: %w", err)
	}
	args := []string{
		"-D", fresh, "-U", embeddedUser, "--encoding=UTF8", "--no-locale",
		"--auth-local=trust", "--auth-host=reject", // only the private socket leads in
	}
	if noFsync {
		args = append(args, "--no-sync")
	}
	cmd := exec.CommandContext(ctx, filepath.Join(inst.bin, "initdb"), args...)
	cmd.Dir = fresh
	cmd.Env = serverEnv()
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: acc.credential()}
	if out, err := cmd.CombinedOutput(); err != nil {
		return errors.Join(fmt.Errorf("create the database: initdb: %w: %s", err, strings.TrimSpace(string(out))), os.RemoveAll(fresh))
	}
	if err := os.Rename(fresh, pgdata); err != nil {
		return fmt.Errorf("create the database: %w", err)
	}
	if noFsync {
		return nil
	}
	return syncDir(filepath.Dir(pgdata))
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
