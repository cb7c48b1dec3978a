package clock

import (
	"testing"
	"testing/synctest"
	"time"
)

func TestScaledRunsFaster(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		start := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
		c := Scaled{Epoch: time.Now(), Start: start, Speed: 60}
		if err := Sleep(t.Context(), c, time.Hour); err != nil {
			t.Fatal(err)
		}
		if got := c.Now(); !got.Equal(start.Add(time.Hour)) {
			t.Errorf("after an hour it is %v", got)
		}
		if got := time.Since(c.Epoch); got != time.Minute {
			t.Errorf("an hour at 60× took %v", got)
		}
	})
}

func TestParseReadsWhatStringWrites(t *testing.T) {
	t.Parallel()
	want := Scaled{Epoch: time.Unix(1_700_000_000, 5000).UTC(), Start: time.Date(2026, 3, 1, 6, 0, 0, 0, time.UTC), Speed: 2.5}
	got, err := Parse(want.String())
	if err != nil || got != want {
		t.Fatalf("%v, %v", got, err)
	}
	if c, err := Parse(""); err != nil || c != (System{}) {
		t.Errorf("the empty clock is %v, %v", c, err)
	}
	for _, bad := range []string{"x", "a/b/c", want.String() + "x", "2026-01-01T00:00:00Z/2026-01-01T00:00:00Z/0"} {
		if c, err := Parse(bad); err == nil {
			t.Errorf("%q was read as %v", bad, c)
		}
	}
}

func TestManualFiresWhenPassed(t *testing.T) {
	t.Parallel()
	m := NewManual(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC))
	c, stop := m.After(time.Minute)
	defer stop()
	m.Advance(59 * time.Second)
	select {
	case <-c:
		t.Fatal("fired early")
	default:
	}
	m.Advance(time.Second)
	<-c
	dead, stopDead := m.After(time.Minute)
	stopDead()
	m.Advance(time.Hour)
	select {
	case <-dead:
		t.Fatal("a stopped timer fired")
	default:
	}
}
