package main

import (
	"regexp"
	"strings"
	"testing"

	"github.com/paidan/paidan/client"
	"github.com/paidan/paidan/internal/pg/pgtest"
)

// Administration sets a platform up before its first start, and goes on while it runs.
func TestAdminSetsUp(t *testing.T) {
	t.Parallel()
	dir := dataDir(t)
	admin := func(args ...string) outcome {
		t.Helper()
		return run(t, append(append([]string{"admin"}, args...), "--data-dir", dir)...)
	}
	works := func(says string, args ...string) string {
		t.Helper()
		o := admin(args...)
		m := regexp.MustCompile(says).FindStringSubmatch(o.stdout)
		if o.status != 0 || m == nil {
			t.Fatalf("admin %v: status %d, %q; want %s; %s", args, o.status, o.stdout, says, o.stderr)
		}
		return m[len(m)-1]
	}
	admin("check").fails(t, "there is no database in")
	works(`^tenant florence: ten_\w+\n$`, "create-tenant", "florence", "--timezone", "Europe/Rome")

	n := serve(t, "--data-dir", dir).waitReady()
	admin("create-tenant", "florence").fails(t, "a tenant of this name exists")
	admin("create-tenant", "Not A Slug").fails(t, "lower-case letters, digits and hyphens")
	admin("create-tenant", "x", "--timezone", "Mars/Base").fails(t, "Mars/Base")
	password := works(`^user anna@example\.com: usr_\w+, admin\npassword: (\S+)\n$`, "create-user", "anna@example.com", "--tenant", "florence", "--role", "admin")
	admin("create-user", "anna@example.com", "--tenant", "florence").fails(t, "e-mail")
	admin("create-user", "anna@example.com", "--tenant", "pisa").fails(t, `no such tenant: "pisa"`)
	admin("create-user", "bob@example.com", "--tenant", "florence", "--password", "short").fails(t, "password")
	works(`^zone Centro: zon_\w+, \d+ cells\n$`, "create-zone", "Centro", "--tenant", "florence", "--center", "43.7731,11.2560", "--radius", "3000")
	admin("create-zone", "Centro", "--tenant", "florence", "--center", "43.7731,11.2560").fails(t, "a zone of this name exists")
	admin("create-zone", "B", "--tenant", "florence", "--center", "43.7731").fails(t, "LAT,LNG")
	admin("create-zone", "B", "--tenant", "florence", "--center", "91,0").fails(t, "LAT,LNG")
	admin("create-zone", "B", "--tenant", "florence", "--center", "1,1", "--radius=-5").fails(t, "--radius")
	secret := works(`secret \(shown only now\): (\S+)\n$`, "create-key", "Trattoria", "--tenant", "florence")
	works(`secret \(shown only now\): (\S+)\n$`, "create-key", "Trattoria", "--tenant", "florence", "--name", "second")
	works(`^0 orders erased; `, "erase-customer", "+39 055 1", "--tenant", "florence")
	works(`^tenant ten_\w+: 0 orders with 0 events, 0 plans, 0 offered orders, 0 to be handed over, 0 transactions, 0 settlements: 0 faults\n$`, "check")
	admin("check", "--tenant", "pisa").fails(t, "no such tenant")

	// What was made opens the doors that it should.
	c := client.New(client.Options{URL: n.url})
	defer c.Close()
	staff, err := c.LoginStaff(t.Context(), "florence", "anna@example.com", password)
	if err != nil {
		t.Fatal(err)
	}
	merchants, err := client.Collect(staff.Merchants(t.Context()))
	if err != nil || len(merchants) != 1 {
		t.Errorf("two keys, one merchant: %v, %v", merchants, err)
	}
	if _, err := c.Merchant(secret).CreateStore(t.Context(), client.Store{Name: "Da Mario", Address: "Via Rosina 2", Location: duomo}); err != nil {
		t.Error(err)
	}
	n.stop()
	works(`0 faults\n$`, "check")
}

// The check finds what somebody did to the tables behind the platform's back.
func TestAdminCheckFindsFaults(t *testing.T) {
	t.Parallel()
	url := pgtest.URL(t)
	db := pgtest.Open(t, url)
	w := found(t, db, "town")
	n := serve(t, "--database-url", url, "--roles", "api").waitReady()
	o := w.through(n.url).mustPlace("tampered")
	n.stop()
	check := func() outcome { t.Helper(); return run(t, "admin", "check", "--database-url", url) }
	if got := check(); got.status != 0 || !strings.Contains(got.stdout, "1 orders with 1 events, 0 plans, 0 offered orders, 0 to be handed over, 0 transactions, 0 settlements: 0 faults") {
		t.Errorf("before: %+v", got)
	}
	asOwner(t, url).exec("UPDATE orders SET version = version + 1 WHERE id = $1", orderID(t, o.ID))
	if got := check(); got.status != 1 || !strings.Contains(got.stdout, o.ID) || !strings.Contains(got.stdout, ": 1 faults") {
		t.Errorf("after: %+v", got)
	}
}

func TestMigrateCommand(t *testing.T) {
	t.Parallel()
	url := pgtest.EmptyURL(t)
	for range 2 { // the second finds nothing to do
		if o := run(t, "migrate", "--database-url", url); o.status != 0 {
			t.Fatalf("%+v", o)
		}
	}
	if n := get[int](asOwner(t, url), "SELECT count(*) FROM orders"); n != 0 {
		t.Errorf("%d orders", n)
	}
	run(t, "migrate", "--database-url", "postgres://localhost:1/nowhere").fails(t, "reach the database")
}

// What is done on the command line is in the tenant's audit log, whether it worked or not.
func TestAdminIsOnRecord(t *testing.T) {
	t.Parallel()
	url := pgtest.URL(t)
	for _, args := range [][]string{
		{"create-tenant", "florence"}, {"create-user", "anna@example.com", "--tenant", "florence"}, {"create-user", "anna@example.com", "--tenant", "florence"},
		{"create-key", "Trattoria", "--tenant", "florence"},
	} {
		run(t, append(append([]string{"admin"}, args...), "--database-url", url)...)
	}
	got := get[string](asOwner(t, url), "SELECT string_agg(operation || ' ' || outcome, ', ' ORDER BY id) FROM audit_log WHERE actor_kind = 'operator' AND actor <> ''")
	if got != "admin create-tenant ok, admin create-user ok, admin create-user failed, admin create-key ok" {
		t.Errorf("on record: %s", got)
	}
}
