package dispatch

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestReadPolicy(t *testing.T) {
	t.Parallel()
	over := DefaultPolicy()
	over.MaxOrders = 7
	for _, c := range []struct {
		name, text, wrong string
		interval          int
	}{
		{name: "yaml", text: "interval_s: 30\nobjective:\n  late: 1.5\n", interval: 30},
		{name: "json", text: `{"interval_s": 20, "objective": {"late": 1.5}}`, interval: 20},
		{name: "unknown field", text: "intervals: 30\n", wrong: `unknown field "intervals"`},
		{name: "out of range", text: "interval_s: 0\n", wrong: "interval_s must be 1 to 600"},
		{name: "wrong type", text: "interval_s: soon\n", wrong: "interval_s"},
		{name: "no yaml", text: "a: [1\n", wrong: "policy"},
	} {
		path := filepath.Join(t.TempDir(), "policy")
		must(t, os.WriteFile(path, []byte(c.text), 0o600))
		p, err := ReadPolicy(over, path)
		if c.wrong != "" {
			if err == nil || !strings.Contains(err.Error(), c.wrong) {
				t.Errorf("%s: error %v, should tell %q", c.name, err, c.wrong)
			}
			continue
		}
		if err != nil || p.IntervalS != c.interval || p.Objective.Late != 1.5 || p.MaxOrders != 7 {
			t.Errorf("%s: %+v, %v", c.name, p, err)
		}
	}
	if _, err := ReadPolicy(over, filepath.Join(t.TempDir(), "none")); err == nil {
		t.Error("a missing file was read")
	}
}
