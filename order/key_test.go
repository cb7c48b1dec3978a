package order

import (
	"context"
	"errors"
	"reflect"
	"regexp"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/paidan/paidan/internal/id"
)

// key makes an API key of the shop's merchant.
func (s *shop) key(name string, scopes ...string) (Key, string) {
	s.Helper()
	k, secret, err := CreateKey(s.Context(), s.db, s.tenant, NewKey{Merchant: s.merchant.ID, Name: name, Scopes: scopes}, noon)
	if err != nil {
		s.Fatal(err)
	}
	return k, secret
}

// opens fails unless the secret is (or is not) good at a time.
func (s *shop) opens(secret string, at time.Time, want bool) KeyHolder {
	s.Helper()
	h, err := LookupKey(s.Context(), s.db, secret, at)
	if got := err == nil; got != want || err != nil && !errors.Is(err, ErrNoKey) {
		s.Errorf("at %s a secret opens: %v, want %v (%v)", at, got, want, err)
	}
	return h
}

func TestKeys(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	ctx, db := t.Context(), s.db
	key, secret := s.key("till", "orders:read", "stores:read")
	if !regexp.MustCompile(`^pk_live_[0-9A-Za-z]{43}$`).MatchString(secret) {
		t.Errorf("secret %q", secret)
	}
	want := KeyHolder{Tenant: s.tenant, Home: s.tenant, Merchant: s.merchant.ID, Key: key.ID, Scopes: []string{"orders:read", "stores:read"}}
	if got := s.opens(secret, noon, true); !reflect.DeepEqual(got, want) {
		t.Errorf("looked up %+v", got)
	}
	other, _ := s.key("office")
	for _, at := range []time.Time{noon.Add(time.Hour), noon.Add(2 * time.Hour)} { // twice is once
		revoked, err := RevokeKey(ctx, db, s.tenant, key.ID, at)
		if err != nil || revoked.RevokedAt == nil || !revoked.RevokedAt.Equal(noon.Add(time.Hour)) {
			t.Fatalf("revoked: %+v, %v", revoked, err)
		}
	}
	keys, err := ListKeys(ctx, db, s.tenant, s.merchant.ID)
	if err != nil || len(keys) != 2 || keys[0].RevokedAt == nil || !reflect.DeepEqual(keys[1], other) {
		t.Errorf("listed %+v, %v; want %+v last", keys, err, other)
	}
	for _, bad := range []string{secret, newSecret(false), newSecret(true), "", "pk_live_", "pk_test_" + secret[8:], secret + "x"} {
		s.opens(bad, noon.Add(time.Hour), false)
	}
	if _, _, err := CreateKey(ctx, db, s.tenant, NewKey{Merchant: id.NewMerchant()}, noon); !errors.Is(err, ErrNotFound) {
		t.Errorf("nobody's key: %v", err)
	}
	if _, err := RevokeKey(ctx, db, s.tenant, id.NewKey(), noon); !errors.Is(err, ErrNotFound) {
		t.Errorf("no key: %v", err)
	}
}

func TestRotatedSecretsOverlap(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	key, first := s.key("till", "orders:read")
	rotate := func(overlap time.Duration, at time.Time) string {
		t.Helper()
		k, secret, err := RotateKey(t.Context(), s.db, s.tenant, key.ID, overlap, at)
		if err != nil || k.ID != key.ID || k.RotatedAt == nil || !k.RotatedAt.Equal(at) || (k.PreviousUntil != nil) != (overlap > 0) {
			t.Fatalf("rotated to %+v, %v", k, err)
		}
		return secret
	}
	second := rotate(24*time.Hour, noon)
	if h := s.opens(second, noon, true); !h.Until.IsZero() || h.Key != key.ID || len(h.Scopes) != 1 {
		t.Errorf("the new secret: %+v", h)
	}
	if h := s.opens(first, noon.Add(24*time.Hour-time.Second), true); !h.Until.Equal(noon.Add(24 * time.Hour)) {
		t.Errorf("the old secret: %+v", h)
	}
	s.opens(first, noon.Add(24*time.Hour), false)

	third := rotate(24*time.Hour, noon.Add(time.Hour))
	s.opens(first, noon.Add(time.Hour), false) // only one old secret lives
	s.opens(second, noon.Add(time.Hour), true)
	fourth := rotate(0, noon.Add(time.Hour))
	s.opens(second, noon.Add(time.Hour), false)
	s.opens(third, noon.Add(time.Hour), false)
	s.opens(fourth, noon.Add(time.Hour), true)

	if _, err := RevokeKey(t.Context(), s.db, s.tenant, key.ID, noon); err != nil {
		t.Fatal(err)
	}
	s.opens(fourth, noon, false)
	if _, _, err := RotateKey(t.Context(), s.db, s.tenant, key.ID, 0, noon); !errors.Is(err, ErrKeyRevoked) {
		t.Errorf("a revoked key: %v", err)
	}
	if _, _, err := RotateKey(t.Context(), s.db, s.tenant, id.NewKey(), 0, noon); !errors.Is(err, ErrNotFound) {
		t.Errorf("no key: %v", err)
	}
}

func TestKeyUseIsNotedOnceAMinute(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	a, _ := s.key("a")
	b, _ := s.key("b")
	used := func(at time.Time, keys ...id.Key) {
		t.Helper()
		s.tx(func(ctx context.Context, tx pgx.Tx) error {
			ats := make([]time.Time, len(keys))
			for i := range ats {
				ats[i] = at
			}
			return KeysUsed(ctx, tx, s.tenant, keys, ats)
		})
	}
	last := func(i int) *time.Time {
		t.Helper()
		keys, err := ListKeys(t.Context(), s.db, s.tenant, s.merchant.ID)
		if err != nil {
			t.Fatal(err)
		}
		return keys[i].LastUsedAt
	}
	used(noon, a.ID)
	if got := last(0); got == nil || !got.Equal(noon) || last(1) != nil {
		t.Errorf("last used %v, %v", got, last(1))
	}
	used(noon.Add(KeyUseEvery-time.Second), a.ID, b.ID)
	if got := last(0); !got.Equal(noon) || last(1) == nil {
		t.Errorf("within the minute: %v, %v", got, last(1))
	}
	used(noon.Add(KeyUseEvery), a.ID)
	if got := last(0); !got.Equal(noon.Add(KeyUseEvery)) {
		t.Errorf("after the minute: %v", got)
	}
}

// A test key leads to the tenant's twin, where the merchant and the zones are, and follow what becomes of them at home.
func TestATestKeyLeadsToTheSandbox(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	newKey := func(merchant id.Merchant) KeyHolder {
		t.Helper()
		key, secret, err := CreateKey(t.Context(), s.db, s.tenant, NewKey{Merchant: merchant, Name: "test", Test: true}, noon)
		if err != nil || !key.Test || !regexp.MustCompile(`^pk_test_[0-9A-Za-z]{43}$`).MatchString(secret) {
			t.Fatalf("made %+v, %q, %v", key, secret, err)
		}
		return s.opens(secret, noon, true)
	}
	zones := func(of id.Tenant) (names []string) {
		t.Helper()
		err := s.db.Read(t.Context(), of, func(tx pgx.Tx) error {
			rows, err := tx.Query(t.Context(), "select name || ' ' || version from zones order by name")
			if err != nil {
				return err
			}
			names, err = pgx.CollectRows(rows, pgx.RowTo[string])
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		return names
	}
	first := newKey(s.merchant.ID)
	if first.Tenant == s.tenant || first.Tenant.IsZero() || first.Home != s.tenant || first.Merchant != s.merchant.ID || !first.Test {
		t.Fatalf("%+v", first)
	}
	if got := newKey(s.merchant.ID); got.Tenant != first.Tenant {
		t.Errorf("a second sandbox %s, besides %s", got.Tenant, first.Tenant)
	}
	bar, err := CreateMerchant(t.Context(), s.db, s.tenant, "Bar Sport", noon)
	if err != nil {
		t.Fatal(err)
	}
	newKey(bar.ID)
	there, err := ListMerchants(t.Context(), s.db, first.Tenant)
	if err != nil || len(there) != 2 || there[0] != s.merchant || there[1] != bar {
		t.Errorf("merchants in the sandbox: %+v, %v", there, err)
	}
	for _, change := range []string{
		"insert into zones (tenant_id, id, name, cells, policy, created_at) values ($1, gen_random_uuid(), 'North', '{}', '{}', '2026-01-01Z')",
		"update zones set name = 'Old Town', version = 2 where tenant_id = $1 and name = 'Centre'",
	} {
		s.tx(func(ctx context.Context, tx pgx.Tx) error {
			_, err := tx.Exec(ctx, change, s.tenant)
			return err
		})
		if home, box := zones(s.tenant), zones(first.Tenant); !reflect.DeepEqual(home, box) {
			t.Errorf("zones at home %v, in the sandbox %v", home, box)
		}
	}
	if _, _, err := CreateKey(t.Context(), s.db, s.tenant, NewKey{Merchant: id.NewMerchant(), Test: true}, noon); !errors.Is(err, ErrNotFound) {
		t.Errorf("nobody's key: %v", err)
	}
	if _, _, err := CreateKey(t.Context(), s.db, first.Tenant, NewKey{Merchant: bar.ID, Test: true}, noon); err == nil {
		t.Error("a sandbox has a sandbox")
	}
}

// Of many first test keys at once all lead to the one sandbox, with the zone that was being made meanwhile.
func TestASandboxIsOpenedOnce(t *testing.T) {
	t.Parallel()
	s := newShop(t)
	holders := make([]KeyHolder, 8)
	var all sync.WaitGroup
	for i := range holders {
		all.Go(func() {
			_, secret, err := CreateKey(t.Context(), s.db, s.tenant, NewKey{Merchant: s.merchant.ID, Test: true}, noon)
			if err == nil {
				holders[i], err = LookupKey(t.Context(), s.db, secret, noon)
			}
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Go(func() {
		err := s.db.Tx(t.Context(), s.tenant, func(tx pgx.Tx) error {
			_, err := tx.Exec(t.Context(), `insert into zones (tenant_id, id, name, cells, policy, created_at)
				values ($1, gen_random_uuid(), 'North', '{}', '{}', '2026-01-01Z')`, s.tenant)
			return err
		})
		if err != nil {
			t.Error(err)
		}
	})
	all.Wait()
	for _, h := range holders {
		if h.Tenant != holders[0].Tenant {
			t.Errorf("sandboxes %s and %s", h.Tenant, holders[0].Tenant)
		}
	}
	var zones int
	err := s.db.Read(t.Context(), holders[0].Tenant, func(tx pgx.Tx) error {
		return tx.QueryRow(t.Context(), "select count(*) from zones").Scan(&zones)
	})
	if err != nil || zones != 2 {
		t.Errorf("%d zones, %v", zones, err)
	}
}
