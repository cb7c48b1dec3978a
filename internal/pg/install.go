package pg

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
)

// oldestMajor is the oldest PostgreSQL that the schema and the queries work with.
const oldestMajor = 15

// installation is one PostgreSQL on this machine.
type installation struct {
	bin   string // the folder of initdb and postgres
	major int
}

// findInstallation picks the newest PostgreSQL of the folders, or the one of the wanted major version when that is not 0.
func findInstallation(ctx context.Context, folders []string, want int) (installation, error) {
	var best installation
	var seen []int
	for _, bin := range folders {
		major, err := majorOf(ctx, bin)
		if err != nil {
			continue // a wrapper, a leftover folder or a broken package: not an installation
		}
		seen = append(seen, major)
		if want != 0 && major == want {
			return installation{bin, major}, nil
		}
		if major > best.major {
			best = installation{bin, major}
		}
	}
	switch {
	case len(seen) == 0:
		return best, errors.New("no PostgreSQL server found on this machine: install it (" + installHint() +
			"), or give the address of one with --database-url")
	case want != 0:
		return best, fmt.Errorf("the data were written by PostgreSQL %d, but this machine has only %v: install version %d, "+
			"or move the data with pg_dump and pg_restore", want, seen, want)
	case best.major < oldestMajor:
		return best, fmt.Errorf("PostgreSQL %d is too old: version %d or newer is needed (%s)", best.major, oldestMajor, installHint())
	}
	return best, nil
}

// Tool is a program that comes with PostgreSQL, such as pgbench, of the newest version on this machine that has it.
func Tool(ctx context.Context, name string) (string, error) {
	best, newest := "", 0
	for _, bin := range binFolders() {
		path := filepath.Join(bin, name)
		if _, err := os.Stat(path); err != nil {
			continue
		}
		if major, err := majorOf(ctx, bin); err == nil && major > newest {
			best, newest = path, major
		}
	}
	if best == "" {
		return "", fmt.Errorf("there is no %s beside PostgreSQL's server on this machine: install it (on Debian and Ubuntu it comes with the server's package, "+
			"elsewhere often as postgresql-contrib)", name)
	}
	return best, nil
}

func binFolders() []string {
	var bins []string
	if p, err := exec.LookPath("postgres"); err == nil {
		if file, err := filepath.EvalSymlinks(p); err == nil {
			p = file
		}
		bins = append(bins, filepath.Dir(p))
	}
	for _, pattern := range []string{
		"/usr/lib/postgresql/*/bin",         // Debian, Ubuntu
		"/usr/pgsql-*/bin",                  // Red Hat (PGDG)
		"/usr/libexec/postgresql*",          // Alpine
		"/opt/homebrew/opt/postgresql*/bin", // Homebrew on Apple silicon
		"/usr/local/opt/postgresql*/bin",    // Homebrew on Intel
		"/home/linuxbrew/.linuxbrew/opt/postgresql*/bin",
	} {
		found, err := filepath.Glob(pattern)
		if err == nil { // only a malformed pattern fails
			bins = append(bins, found...)
		}
	}
	return bins
}

var versionText = regexp.MustCompile(`PostgreSQL\) (\d+)`)

func majorOf(ctx context.Context, bin string) (int, error) {
	if _, err := os.Stat(filepath.Join(bin, "initdb")); err != nil {
		return 0, err
	}
	out, err := exec.CommandContext(ctx, filepath.Join(bin, "postgres"), "--version").Output()
	if err != nil {
		return 0, err
	}
	m := versionText.FindSubmatch(out)
	if m == nil {
		return 0, fmt.Errorf("unknown version %q", out)
	}
	return strconv.Atoi(string(m[1]))
}

func installHint() string {
	if runtime.GOOS == "darwin" {
		return "`brew install postgresql@17`"
	}
	return "`apt-get install postgresql`, or your system's package of the PostgreSQL server"
}
