package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/kong"
)

// Every command and every flag explains itself and has its variable.
func TestEverythingHasHelp(t *testing.T) {
	t.Parallel()
	var c cli
	k, err := kong.New(&c, options()...)
	if err != nil {
		t.Fatal(err)
	}
	err = kong.Visit(k.Model, func(n kong.Visitable, next kong.Next) error {
		switch n := n.(type) {
		case *kong.Flag:
			if n.Help == "" {
				t.Errorf("--%s has no help", n.Name)
			}
			if n.Name == "data" { // PAIDAN_DATA is the folder of all data sets
				return next(nil)
			}
			if want := "PAIDAN_" + strings.ToUpper(strings.ReplaceAll(n.Name, "-", "_")); n.Name != "help" && !slices.Equal(n.Envs, []string{want}) {
				t.Errorf("--%s has the variables %v, not %s", n.Name, n.Envs, want)
			}
		case *kong.Node:
			if n.Help == "" && n.Type != kong.ApplicationNode {
				t.Errorf("%s has no help", n.FullPath())
			}
			for _, p := range n.Positional {
				if p.Help == "" {
					t.Errorf("%s: <%s> has no help", n.FullPath(), p.Name)
				}
			}
		}
		return next(nil)
	})
	if err != nil {
		t.Fatal(err)
	}
	help := run(t, "serve", "--help")
	for _, text := range []string{"--data-dir", "($PAIDAN_DATA_DIR)", "--database-url", "--nats-url", "--roles=api,ingest,dispatch,jobs", "--stop-timeout=10s"} {
		if help.status != 0 || !strings.Contains(help.stdout, text) {
			t.Errorf("serve --help does not name %s", text)
		}
	}
}

func TestVariablesSetFlags(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		env  []string
		args []string
		says string
	}{
		{nil, []string{"serve", "--roles", "cook"}, `--roles: "cook" is none of api, ingest, dispatch, jobs`},
		{[]string{"PAIDAN_ROLES=cook"}, []string{"serve"}, `--roles: "cook" is none of api, ingest, dispatch, jobs`},
		{[]string{"PAIDAN_CLOCK=noon"}, []string{"serve"}, "--clock: "},
		{[]string{"PAIDAN_STOP_TIMEOUT=soon"}, []string{"serve"}, "PAIDAN_STOP_TIMEOUT"},
		{[]string{"PAIDAN_POSITION_DAYS=-1"}, []string{"serve"}, "--position-days"},
		{[]string{"PAIDAN_LOG_LEVEL=loud"}, []string{"serve"}, "--log-level"},
		{nil, []string{"serve", "--bogus"}, "unknown flag --bogus"},
		{nil, []string{"serve", "--demo", "--roles", "dispatch"}, "--demo needs the role api"},
		{nil, []string{"sreve"}, `unexpected argument sreve, did you mean "serve"?`},
		{nil, []string{"replay", "--rappi", "/nowhere"}, "/nowhere"},
		{nil, []string{"migrate"}, "--database-url"},
	} {
		o := runWith(t, tc.env, tc.args...)
		if o.status == 0 || !strings.Contains(o.stderr, tc.says) {
			t.Errorf("%v %v: status %d, %s; want %q", tc.env, tc.args, o.status, o.stderr, tc.says)
		}
		if n := strings.Count(o.stderr+o.stdout, "\n"); n > 8 {
			t.Errorf("%v: %d lines hide the reason", tc.args, n)
		}
	}
}

func TestMisspeltVariablesAreNamed(t *testing.T) {
	t.Parallel()
	o := runWith(t, []string{"PAIDAN_LISTNE=:1", "PAIDAN_LISTEN=:2", "PAIDAN_DATA=x", "PAIDAN_SERVICE_HOST=10.0.0.1", "PAIDAN_PORT=tcp://10.0.0.1:80"}, "version")
	if want := "paidan: PAIDAN_LISTNE is set, but there is no such setting\n"; o.status != 0 || o.stderr != want {
		t.Errorf("status %d, %q; want %q", o.status, o.stderr, want)
	}
}

func TestWithoutItsPostgreSQL(t *testing.T) {
	t.Parallel()
	dir := dataDir(t)
	if err := os.Mkdir(filepath.Join(dir, "pg"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "pg", "PG_VERSION"), []byte("99\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	run(t, "serve", "--listen", "127.0.0.1:0", "--data-dir", dir).fails(t, "PostgreSQL 99", "install version 99")
}
