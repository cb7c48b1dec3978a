package app

import (
	"strings"
	"testing"
	"time"
)

func TestConfigSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	good := func() Config {
		return Config{Listen: ":0", Roles: []string{RoleAPI, RoleIngest, RoleDispatch, RoleJobs}, DataDir: "/d", PositionDays: 30, ProofDays: 2, CustomerDays: 1, StopTimeout: time.Second}
	}
	for name, tc := range map[string]struct {
		change func(*Config)
		says   []string // nothing: it is valid
	}{
		"the defaults":             {func(*Config) {}, nil},
		"a database elsewhere":     {func(c *Config) { c.DataDir, c.DatabaseURL = "", "postgres://h/db" }, nil},
		"one role":                 {func(c *Config) { c.Roles = []string{RoleJobs} }, nil},
		"a clock":                  {func(c *Config) { c.Clock = "2026-01-01T00:00:00Z/2026-01-01T06:00:00Z/60" }, nil},
		"an unknown role":          {func(c *Config) { c.Roles = []string{RoleAPI, "cook"} }, []string{`--roles: "cook"`}},
		"no role":                  {func(c *Config) { c.Roles = nil }, []string{"--roles: name at least one"}},
		"nowhere for the data":     {func(c *Config) { c.DataDir = "" }, []string{"--data-dir", "--database-url"}},
		"a demo without the API":   {func(c *Config) { c.Demo, c.Roles = true, []string{RoleDispatch} }, []string{"--demo"}},
		"positions kept for never": {func(c *Config) { c.PositionDays = 0 }, []string{"--position-days"}},
		"pictures kept too short":  {func(c *Config) { c.ProofDays = 1 }, []string{"--proof-days"}},
		"customers kept for never": {func(c *Config) { c.CustomerDays = 0 }, []string{"--customer-days"}},
		"no time to stop":          {func(c *Config) { c.StopTimeout = 0 }, []string{"--stop-timeout"}},
		"a clock that stands":      {func(c *Config) { c.Clock = "2026-01-01T00:00:00Z/2026-01-01T06:00:00Z/0" }, []string{"--clock"}},
		"proofs in a bucket":       {func(c *Config) { c.ProofsURL = "s3://proofs/paidan?endpoint=http://minio:9000" }, nil},
		"proofs in no bucket":      {func(c *Config) { c.ProofsURL = "/mnt/proofs" }, []string{"--proofs-url: want s3://"}},
		"no patience at all":       {func(c *Config) { c.PushAfter = 0 }, nil},
		"pushed before it is made": {func(c *Config) { c.PushAfter = -1 }, []string{"--push-after"}},
		"a gateway without a key":  {func(c *Config) { c.PushGatewayURL = "https://push.example" }, []string{"--push-gateway-secret"}},
		"all at once": {func(c *Config) { c.Roles, c.DataDir, c.PositionDays, c.StopTimeout = nil, "", -1, -1 },
			[]string{"--roles", "--data-dir", "--position-days", "--stop-timeout"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := good()
			tc.change(&c)
			err := c.Validate()
			if (err == nil) != (tc.says == nil) {
				t.Fatal(err)
			}
			for _, text := range tc.says {
				if !strings.Contains(err.Error(), text) {
					t.Errorf("%q is not in: %v", text, err)
				}
			}
		})
	}
}
