package pg

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// Alone, because a file that a process forked elsewhere still holds open for writing can't be run.
func TestFindInstallation(t *testing.T) { //nolint:paralleltest // see above
	server := func(version string) string {
		bin := t.TempDir()
		for name, text := range map[string]string{"initdb": "", "postgres": "#!/bin/sh\necho 'postgres (PostgreSQL) " + version + "'\n"} {
			if err := os.WriteFile(filepath.Join(bin, name), []byte(text), 0o755); err != nil {
				t.Fatal(err)
			}
		}
		return bin
	}
	old, fifteen, eighteen, empty := server("9.6.24"), server("15.18 (Debian 15.18-0+deb12u1)"), server("18.1"), t.TempDir()
	for name, x := range map[string]struct {
		folders []string
		want    int
		bin     string
		says    []string
	}{
		"none":              {nil, 0, "", []string{"no PostgreSQL server found", "install", "--database-url"}},
		"a leftover":        {[]string{empty}, 0, "", []string{"no PostgreSQL server found"}},
		"the newest":        {[]string{fifteen, eighteen, old}, 0, eighteen, nil},
		"the data's":        {[]string{eighteen, fifteen}, 15, fifteen, nil},
		"not the data's":    {[]string{eighteen}, 15, "", []string{"written by PostgreSQL 15", "install version 15"}},
		"too old":           {[]string{old}, 0, "", []string{"PostgreSQL 9 is too old", "15 or newer"}},
		"one is a leftover": {[]string{empty, fifteen}, 0, fifteen, nil},
	} {
		t.Run(name, func(t *testing.T) { //nolint:paralleltest // see above
			got, err := findInstallation(t.Context(), x.folders, x.want)
			if x.says == nil {
				if err != nil || got.bin != x.bin {
					t.Errorf("found %q, %v; want %q", got.bin, err, x.bin)
				}
				return
			}
			for _, says := range x.says {
				if err == nil || !strings.Contains(err.Error(), says) {
					t.Errorf("%v; should say %q", err, says)
				}
			}
		})
	}
}
