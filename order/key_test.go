package order

import (
	"errors"
	"regexp"
	"testing"
	"time"

	"github.com/paidan/paidan/internal/id"
)

func TestKeys(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	ctx, db := t.Context(), s.db
	key, secret, err := CreateKey(ctx, db, s.tenant, s.merchant.ID, "till", noon)
	if err != nil {
		t.Fatal(err)
	}
	if !regexp.MustCompile(`^pk_live_[0-9A-Za-z]{43}$`).MatchString(secret) {
		t.Errorf("secret %q", secret)
	}
	tenant, k, merchant, err := LookupKey(ctx, db, secret)
	if err != nil || tenant != s.tenant || k != key.ID || merchant != s.merchant.ID {
		t.Errorf("looked up %v, %v, %v, %v", tenant, k, merchant, err)
	}
	other, _, err := CreateKey(ctx, db, s.tenant, s.merchant.ID, "office", noon)
	if err != nil {
		t.Fatal(err)
	}
	if err := RevokeKey(ctx, db, s.tenant, key.ID, noon.Add(time.Hour)); err != nil {
		t.Fatal(err)
	}
	if err := RevokeKey(ctx, db, s.tenant, key.ID, noon.Add(2*time.Hour)); err != nil {
		t.Fatal(err)
	}
	keys, err := ListKeys(ctx, db, s.tenant, s.merchant.ID)
	if err != nil || len(keys) != 2 || keys[0].RevokedAt == nil || !keys[0].RevokedAt.Equal(noon.Add(time.Hour)) || keys[1] != other {
		t.Errorf("listed %+v, %v", keys, err)
	}
	for _, bad := range []string{secret, newSecret(), "", "pk_live_", "pk_test_" + secret[8:], secret + "x"} {
		if _, _, _, err := LookupKey(ctx, db, bad); !errors.Is(err, ErrNoKey) {
			t.Errorf("%q: %v", bad, err)
		}
	}
	if _, _, err := CreateKey(ctx, db, s.tenant, id.NewMerchant(), "", noon); !errors.Is(err, ErrNotFound) {
		t.Errorf("nobody's key: %v", err)
	}
	if err := RevokeKey(ctx, db, s.tenant, id.NewKey(), noon); !errors.Is(err, ErrNotFound) {
		t.Errorf("no key: %v", err)
	}
}
