package rider

import (
	"errors"
	"regexp"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

func TestLoginCodes(t *testing.T) {
	t.Parallel()
	w, ctx := newWorld(t), t.Context()
	list := w.newRiders(3)
	made := w.create(list...)
	issue := func(phone string, now time.Time) string {
		t.Helper()
		code, err := NewLoginCode(ctx, w.db, w.tenant, phone, now)
		if err != nil {
			t.Fatal(err)
		}
		return code
	}
	try := func(phone, code string, now time.Time) bool {
		t.Helper()
		who, refresh, err := LoginByCode(ctx, w.db, w.tenant, phone, code, "", now)
		if err != nil && !errors.Is(err, ErrSignIn) {
			t.Fatal(err)
		}
		if err == nil && (who.IsZero() || refresh == "") {
			t.Errorf("logged in as %s with %q", who, refresh)
		}
		return err == nil
	}
	phone := list[0].Phone
	code := issue(phone, noon)
	if !regexp.MustCompile(`^\d{6}$`).MatchString(code) {
		t.Errorf("code %q", code)
	}
	if try(list[1].Phone, code, noon) || try(phone, "", noon) || try("+86 unknown", code, noon) {
		t.Error("a wrong phone or code was let in")
	}
	if try(phone, code, noon.Add(CodeLifetime)) {
		t.Error("an old code was let in")
	}
	if !try(phone, code, noon.Add(CodeLifetime-time.Second)) || try(phone, code, noon) {
		t.Error("a good code works once")
	}

	first := issue(phone, noon)
	second := issue(phone, noon)
	if first == second {
		second = issue(phone, noon)
	}
	if try(phone, first, noon) || !try(phone, second, noon) {
		t.Error("the last code counts")
	}

	code = issue(phone, noon)
	for range codeTries {
		if try(phone, "wrong", noon) {
			t.Fatal("a wrong code was let in")
		}
	}
	if try(phone, code, noon) {
		t.Error("a code that was guessed at too often was let in")
	}

	// All nodes together send no more than so many an hour.
	other := list[1].Phone
	for i := range codesAtOnce {
		if issue(other, noon) == "" {
			t.Fatalf("code %d was not sent", i)
		}
	}
	if issue(other, noon.Add(codesAtOnceIn-time.Second)) != "" || issue(other, noon.Add(codesAtOnceIn)) == "" {
		t.Error("the hour's codes")
	}

	// A code in the wrong hands.
	code = issue(list[2].Phone, noon)
	if _, err := Update(ctx, w.db, w.tenant, made[2].Rider.ID, noon, Change{Phone: ptr("+86 new")}); err != nil {
		t.Fatal(err)
	}
	if try("+86 new", code, noon) || issue(list[2].Phone, noon) != "" {
		t.Error("the old phone can log in")
	}
	code = issue("+86 new", noon)
	if _, err := Update(ctx, w.db, w.tenant, made[2].Rider.ID, noon, Change{Disabled: ptr(true)}); err != nil {
		t.Fatal(err)
	}
	if try("+86 new", code, noon) || issue("+86 new", noon) != "" {
		t.Error("a disabled rider can log in")
	}
}

func TestOneOfManyLogsInByACode(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	phone := w.create(w.newRiders(1)...)[0].Rider.Phone
	code, err := NewLoginCode(t.Context(), w.db, w.tenant, phone, noon)
	if err != nil {
		t.Fatal(err)
	}
	var in atomic.Int32
	var wg sync.WaitGroup
	for range codeTries { // each is a try
		wg.Go(func() {
			switch _, _, err := LoginByCode(t.Context(), w.db, w.tenant, phone, code, "", noon); {
			case err == nil:
				in.Add(1)
			case !errors.Is(err, ErrSignIn):
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if in.Load() != 1 {
		t.Errorf("%d phones were let in", in.Load())
	}
}
