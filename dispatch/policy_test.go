package dispatch

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestPolicyFillsInDefaults(t *testing.T) {
	t.Parallel()
	got, err := ParsePolicy([]byte(`{"hours":[{"from":"10:00","to":"24:00"}],"closed_until":"2026-03-02T12:00:00Z","mode":"force","interval_s":5,"objective":{"pay":3}}`))
	if err != nil {
		t.Fatal(err)
	}
	want := DefaultPolicy()
	want.Hours, want.ClosedUntil = Hours{{From: "10:00", To: "24:00"}}, new(time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC))
	want.Mode, want.IntervalS, want.Objective.Pay = ModeForce, 5, 3
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	text, err := json.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	if back, err := ParsePolicy(text); err != nil || cmp.Diff(want, back) != "" {
		t.Errorf("%s was read back as %+v, %v", text, back, err)
	}
	if faults := DefaultPolicy().Validate(); len(faults) > 0 {
		t.Errorf("the defaults are wrong: %+v", faults)
	}
}

func TestPolicyNamesAllThatIsWrong(t *testing.T) {
	t.Parallel()
	_, err := ParsePolicy([]byte(`{"mode":"ask","interval_s":0,"max_orders":99,"objective":{"late":-1}}`))
	var wrong *PolicyError
	if !errors.As(err, &wrong) {
		t.Fatalf("%v", err)
	}
	fields := make(map[string]bool)
	for _, f := range wrong.Faults {
		fields[f.Field] = true
	}
	if diff := cmp.Diff(map[string]bool{"mode": true, "interval_s": true, "max_orders": true, "objective.late": true}, fields); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
	for _, bad := range []string{`{"intervall_s":5}`, `{"mode":5}`, `[]`, `{`} {
		if _, err := ParsePolicy([]byte(bad)); err == nil {
			t.Errorf("%s was taken", bad)
		}
	}
}
