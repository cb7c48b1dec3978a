package pg

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"syscall"
)

// account is who runs the private server. PostgreSQL refuses root, so root lends it to an unprivileged user.
type account struct {
	name     string
	uid, gid uint32
	lent     bool // this process is root and the account is another's
}

// accountFor chooses the user: ourselves, or for root the owner of the data, else postgres, else nobody.
func accountFor(pgdata string) (account, error) {
	if os.Geteuid() != 0 {
		return account{name: "uid " + strconv.Itoa(os.Geteuid()), uid: uint32(os.Geteuid()), gid: uint32(os.Getegid())}, nil
	}
	var st syscall.Stat_t
	if err := syscall.Stat(pgdata, &st); err == nil && st.Uid != 0 {
		return account{name: "uid " + strconv.Itoa(int(st.Uid)), uid: st.Uid, gid: st.Gid, lent: true}, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err1 := strconv.ParseUint(u.Uid, 10, 32)
		gid, err2 := strconv.ParseUint(u.Gid, 10, 32)
		if err := errors.Join(err1, err2); err != nil {
			return account{}, fmt.Errorf("read the user %s: %w", name, err)
		}
		return account{name: name, uid: uint32(uid), gid: uint32(gid), lent: true}, nil
	}
	return account{}, errors.New("PostgreSQL does not run as root, and this machine has neither a user postgres nor a user nobody: " +
		"create one, or start as an ordinary user")
}

// credential is nil when the server runs as ourselves.
func (a account) credential() *syscall.Credential {
	if !a.lent {
		return nil
	}
	return &syscall.Credential{Uid: a.uid, Gid: a.gid}
}

// mkdir makes a folder that only the account may enter, or takes over an existing one.
func (a account) mkdir(dir string) error {
	if err := os.Mkdir(dir, 0o700); err != nil && !errors.Is(err, fs.ErrExist) {
		return err
	}
	info, err := os.Lstat(dir)
	if err != nil {
		return err
	}
	if !info.IsDir() {
		return fmt.Errorf("%s is not a folder", dir)
	}
	if owner := info.Sys().(*syscall.Stat_t).Uid; owner != a.uid && owner != uint32(os.Geteuid()) {
		return fmt.Errorf("%s belongs to another user (uid %d)", dir, owner)
	}
	if a.lent {
		if err := os.Lchown(dir, int(a.uid), int(a.gid)); err != nil {
			return err
		}
	}
	return os.Chmod(dir, 0o700)
}

// canReach checks, by going there as the account, that it can enter dir: a parent folder may be closed to it.
func (a account) canReach(ctx context.Context, bin, dir string) error {
	if !a.lent {
		return nil
	}
	cmd := exec.CommandContext(ctx, filepath.Join(bin, "postgres"), "--version")
	cmd.Dir = dir
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: a.credential()}
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("started by root, PostgreSQL runs as the user %s, who can't reach %s (%w): choose a data folder "+
			"outside of private homes, such as /var/lib/paidan, or start as an ordinary user", a.name, dir, err)
	}
	return nil
}
