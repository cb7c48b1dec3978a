package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"time"

	"github.com/paidan/paidan/internal/pg"
)

// pgbenchScript writes what a request to place an order writes, in one transaction: the idempotency key, the order, its first event.
// Ids grow per client, as the platform's grow with time.
const pgbenchScript = `\set n :n + 1
BEGIN;
INSERT INTO idempotency_keys (tenant_id, merchant_id, key, body_hash, order_id, created_at) VALUES ('%[1]s', '%[2]s',
	gen_random_uuid()::text, decode(repeat('ab', 32), 'hex'), (lpad(to_hex(:client_id::int), 8, '0') || lpad(to_hex(:n::bigint), 24, '0'))::uuid, '%[5]s');
INSERT INTO orders (tenant_id, id, merchant_id, store_id, zone_id, state, version, pickup_lat, pickup_lng, dropoff_lat, dropoff_lng, dropoff, load, items,
	value_minor, currency, placed_at, due_at, promise_at, ready_estimate, updated_at)
	VALUES ('%[1]s', (lpad(to_hex(:client_id::int), 8, '0') || lpad(to_hex(:n::bigint), 24, '0'))::uuid, '%[2]s', '%[3]s', '%[4]s', 'pending', 1,
	43.7731, 11.2560, 43.7771, 11.2600, '{"address": "Via Nova 1", "contact_name": "Anna", "contact_phone": "+39055123456"}', 1, '[{"name": "Ribollita", "quantity": 1}]',
	1250, 'EUR', '%[5]s', '%[5]s', '%[5]s', '%[5]s', '%[5]s');
INSERT INTO order_events (tenant_id, order_id, merchant_id, version, type, state, at, actor_kind, actor_id, data, txid)
	VALUES ('%[1]s', (lpad(to_hex(:client_id::int), 8, '0') || lpad(to_hex(:n::bigint), 24, '0'))::uuid, '%[2]s', 1, 'placed', 'pending', '%[5]s', 'merchant', '%[2]s', '{"ready_estimate": "%[5]s", "promise_at": "%[5]s"}',
	pg_current_xact_id());
COMMIT;
`

var (
	pgbenchTPS     = regexp.MustCompile(`(?m)^tps = ([0-9.]+) `)
	pgbenchVersion = regexp.MustCompile(`^pgbench \(([0-9.]+)`)
)

// runPgbench measures transactions per second on the server at url, by as many connections as there are clients, under the
// platform's own role and row-level security.
func runPgbench(ctx context.Context, pgbench, url string, s benchShop, clients int, limit time.Duration) (tps float64, version string, err error) {
	dir, err := os.MkdirTemp("", "paidan-pgbench-")
	if err != nil {
		return 0, "", err
	}
	defer os.RemoveAll(dir)
	script := filepath.Join(dir, "place.sql")
	text := fmt.Sprintf(pgbenchScript, s.tenant.UUID(), s.merchant.UUID(), s.store.ID.UUID(), s.zone.UUID(), time.Now().UTC().Truncate(time.Microsecond).Format(time.RFC3339Nano))
	if err := os.WriteFile(script, []byte(text), 0o600); err != nil {
		return 0, "", err
	}
	cmd := exec.CommandContext(ctx, pgbench, "-n", "-M", "prepared", "-c", strconv.Itoa(clients), "-j", strconv.Itoa(min(clients, runtime.NumCPU())),
		"-T", strconv.Itoa(max(1, int(limit.Seconds()))), "-D", "n=0", "-f", script, url)
	cmd.Env = append(os.Environ(), "PGOPTIONS=-c role="+pg.AppRole+" -c paidan.tenant_id="+s.tenant.UUID().String())
	out, err := cmd.CombinedOutput()
	if err != nil {
		return 0, "", fmt.Errorf("pgbench: %w\n%s", err, out)
	}
	m := pgbenchTPS.FindSubmatch(out)
	if m == nil {
		return 0, "", fmt.Errorf("pgbench told no tps:\n%s", out)
	}
	if tps, err = strconv.ParseFloat(string(m[1]), 64); err != nil {
		return 0, "", err
	}
	if v := pgbenchVersion.FindSubmatch(out); v != nil {
		version = string(v[1])
	}
	return tps, version, nil
}
