package rider

import (
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

func TestEnrolUsesTheCodeUp(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	created := w.create(w.newRiders(2)...)
	code := strings.ToLower(strings.ReplaceAll(created[0].EnrolmentCode, "-", " "))
	var won atomic.Int32
	var wg sync.WaitGroup
	for range 10 { // two phones at once: one is paired
		wg.Go(func() {
			tenant, r, refresh, err := Enrol(t.Context(), w.db, code, "", noon)
			switch {
			case err == nil && tenant == w.tenant && r == created[0].Rider.ID && refresh != "":
				won.Add(1)
			case !errors.Is(err, ErrCode):
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if won.Load() != 1 {
		t.Errorf("the code worked %d times", won.Load())
	}
	if _, _, _, err := Enrol(t.Context(), w.db, "nonsense", "", noon); !errors.Is(err, ErrCode) {
		t.Error(err)
	}
	if _, err := Update(t.Context(), w.db, w.tenant, created[1].Rider.ID, noon, Change{Disabled: ptr(true)}); err != nil {
		t.Fatal(err)
	}
	if _, _, _, err := Enrol(t.Context(), w.db, created[1].EnrolmentCode, "", noon); !errors.Is(err, ErrCode) {
		t.Errorf("a disabled rider: %v", err)
	}
	fresh, err := NewEnrolmentCode(t.Context(), w.db, w.tenant, created[0].Rider.ID)
	if err != nil {
		t.Fatal(err)
	}
	if _, r, _, err := Enrol(t.Context(), w.db, fresh, "", noon); err != nil || r != created[0].Rider.ID {
		t.Error(r, err)
	}
}

func TestRefreshRotates(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx, r := t.Context(), w.riders(1)[0]
	device := func() string {
		token, err := NewDevice(ctx, w.db, w.tenant, r, "", noon)
		if err != nil {
			t.Fatal(err)
		}
		return token
	}
	refresh := func(token string, at time.Time) string {
		t.Helper()
		tenant, got, next, err := Refresh(ctx, w.db, token, at, RefreshGrace)
		if err != nil {
			t.Fatal(err)
		}
		if tenant != w.tenant || got != r || next == token {
			t.Fatalf("%v %v %v", tenant, got, next)
		}
		return next
	}
	refuse := func(token string, at time.Time) {
		t.Helper()
		if _, _, _, err := Refresh(ctx, w.db, token, at, RefreshGrace); !errors.Is(err, ErrRefresh) {
			t.Fatalf("want ErrRefresh, got %v", err)
		}
	}

	// In turn, each replaced token is void after the grace.
	a := device()
	b := refresh(a, noon)
	c := refresh(b, noon.Add(time.Hour))
	refuse(a, noon.Add(time.Hour))
	c = refresh(c, noon.Add(2*time.Hour))

	// The answer is lost and the phone asks again: it gets another, and the lost one is void.
	lost := refresh(c, noon.Add(3*time.Hour))
	again := refresh(c, noon.Add(3*time.Hour+RefreshGrace/2))
	refuse(lost, noon.Add(3*time.Hour+RefreshGrace/2))
	again = refresh(again, noon.Add(4*time.Hour))

	// A replaced token after the grace: somebody has a copy, nobody goes on.
	stolen := again
	again = refresh(again, noon.Add(5*time.Hour))
	refuse(stolen, noon.Add(5*time.Hour+RefreshGrace))
	refuse(again, noon.Add(5*time.Hour+RefreshGrace))

	refuse(device(), noon.Add(RefreshLifetime))
	out := device()
	if err := Revoke(ctx, w.db, out); err != nil {
		t.Fatal(err)
	}
	refuse(out, noon)
	if err := Revoke(ctx, w.db, out); err != nil {
		t.Errorf("twice: %v", err)
	}
	one, two := device(), device()
	if err := RevokeAll(ctx, w.db, w.tenant, r); err != nil {
		t.Fatal(err)
	}
	refuse(one, noon)
	refuse(two, noon)
	three := device()
	if _, err := Update(ctx, w.db, w.tenant, r, noon, Change{Disabled: ptr(true)}); err != nil {
		t.Fatal(err)
	}
	refuse(three, noon)
	if _, err := NewDevice(ctx, w.db, w.tenant, r, "", noon); !errors.Is(err, ErrDisabled) {
		t.Error(err)
	}
}

func TestRepeatsDontProlongTheGrace(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.riders(1)[0]
	token, err := NewDevice(t.Context(), w.db, w.tenant, r, "", noon)
	if err != nil {
		t.Fatal(err)
	}
	for _, after := range []time.Duration{0, RefreshGrace / 2, RefreshGrace - time.Second} {
		if _, _, _, err := Refresh(t.Context(), w.db, token, noon.Add(after), RefreshGrace); err != nil {
			t.Fatal(after, err)
		}
	}
	if _, _, _, err := Refresh(t.Context(), w.db, token, noon.Add(RefreshGrace), RefreshGrace); !errors.Is(err, ErrRefresh) {
		t.Error(err)
	}
}

func TestCheckPassword(t *testing.T) {
	t.Parallel()
	w, ctx := newWorld(t), t.Context()
	list := w.newRiders(2)
	list[0].Password = "correct horse"
	created := w.create(list...)
	check := func(phone, password string) bool {
		r, err := CheckPassword(ctx, w.db, w.tenant, phone, password)
		if err != nil && !errors.Is(err, ErrSignIn) {
			t.Fatal(err)
		}
		return err == nil && r == created[0].Rider.ID
	}
	if !check(list[0].Phone, "correct horse") {
		t.Error("the right password was refused")
	}
	for _, c := range [][2]string{{list[0].Phone, "wrong horse"}, {list[1].Phone, ""}, {"+86 unknown", "correct horse"}, {list[1].Phone, "correct horse"}} {
		if check(c[0], c[1]) {
			t.Errorf("%v was let in", c)
		}
	}
	if _, err := CheckPassword(ctx, w.db, addWorld(t, w.db).tenant, list[0].Phone, "correct horse"); !errors.Is(err, ErrSignIn) {
		t.Errorf("at another tenant: %v", err)
	}
	if _, err := Update(ctx, w.db, w.tenant, created[0].Rider.ID, noon, Change{Password: ptr("battery staple")}); err != nil {
		t.Fatal(err)
	}
	if check(list[0].Phone, "correct horse") || !check(list[0].Phone, "battery staple") {
		t.Error("the new password does not count")
	}
	w.tx(func(tx pgx.Tx) error {
		var hash string
		var code []byte
		err := tx.QueryRow(ctx, "select password_hash, enrolment_hash from riders where tenant_id = $1 and id = $2", w.tenant, created[0].Rider.ID).Scan(&hash, &code)
		if !strings.HasPrefix(hash, "$argon2id$v=19$m=19456,t=2,p=1$") || len(code) != 32 {
			t.Errorf("stored as %s, %x", hash, code)
		}
		return err
	})
}

func TestVerifyPasswordDistrustsHashes(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{"", "x", "$argon2i$v=19$m=1,t=1,p=1$AA$AA", "$argon2id$v=19$m=4294967295,t=2,p=1$AAAA$AAAA",
		"$argon2id$v=19$m=64,t=0,p=1$AAAA$AAAA", "$argon2id$v=19$m=64,t=1,p=1$AAAA$", "$argon2id$v=18$m=64,t=1,p=1$AAAA$AAAA"} {
		if verifyPassword(bad, "") {
			t.Errorf("%q fits the empty password", bad)
		}
	}
}
