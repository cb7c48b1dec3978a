-- +goose Up

-- A sandbox is a tenant of its own, the twin of one whose merchants have test keys. Row-level security keeps the two apart like any
-- two tenants; zones and merchants have the same ids in both.
ALTER TABLE tenants ADD COLUMN sandbox_of uuid UNIQUE REFERENCES tenants;
ALTER TABLE api_keys ADD COLUMN test boolean NOT NULL DEFAULT false; -- it sees the twin

-- What is to go wrong with a test order.
CREATE TABLE test_faults (
    tenant_id uuid NOT NULL,
    order_id  uuid NOT NULL,
    fault     text NOT NULL CHECK (fault IN ('decline', 'delay_20_min', 'wrong_pin', 'undeliverable')),
    set_at    timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, order_id),
    FOREIGN KEY (tenant_id, order_id) REFERENCES orders
);
ALTER TABLE test_faults ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON test_faults USING (tenant_id = (SELECT current_tenant())) WITH CHECK (tenant_id = (SELECT current_tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON test_faults TO paidan_app;

-- The zones of a tenant in its sandbox: all of them, or one.
CREATE FUNCTION mirror_zones(home uuid, only_zone uuid) RETURNS void LANGUAGE sql SET search_path = public AS $$
    INSERT INTO zones (tenant_id, id, name, cells, policy, version, created_at)
    SELECT box.id, z.id, z.name, z.cells, z.policy, z.version, z.created_at
    FROM zones z JOIN tenants box ON box.sandbox_of = z.tenant_id
    WHERE z.tenant_id = home AND (only_zone IS NULL OR z.id = only_zone)
    ON CONFLICT (tenant_id, id) DO UPDATE
    SET name = excluded.name, cells = excluded.cells, policy = excluded.policy, version = excluded.version
    WHERE zones.version <> excluded.version
$$;

-- Whoever writes a zone, the sandbox follows in the same transaction. The lock makes a zone and a sandbox that begin at the same time
-- wait for each other: the later one sees the earlier.
-- +goose StatementBegin
CREATE FUNCTION mirror_zone() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
    PERFORM FROM tenants WHERE id = NEW.tenant_id FOR KEY SHARE;
    PERFORM mirror_zones(NEW.tenant_id, NEW.id);
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER zones_mirror AFTER INSERT OR UPDATE ON zones FOR EACH ROW EXECUTE FUNCTION mirror_zone();

-- The sandbox of the current tenant, with a merchant in it; made where there is none yet.
-- +goose StatementBegin
CREATE FUNCTION open_sandbox(new_id uuid, with_merchant uuid, at timestamptz) RETURNS uuid LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE box uuid;
BEGIN
    PERFORM FROM tenants WHERE id = current_tenant() FOR UPDATE;
    INSERT INTO tenants (id, slug, name, timezone, created_at, sandbox_of)
    SELECT new_id, 'sandbox-' || replace(new_id::text, '-', ''), name, timezone, at, id FROM tenants WHERE id = current_tenant() AND sandbox_of IS NULL
    ON CONFLICT (sandbox_of) DO NOTHING;
    SELECT id INTO STRICT box FROM tenants WHERE sandbox_of = current_tenant();
    PERFORM mirror_zones(current_tenant(), NULL);
    INSERT INTO merchants (tenant_id, id, name, created_at)
    SELECT box, id, name, created_at FROM merchants WHERE tenant_id = current_tenant() AND id = with_merchant
    ON CONFLICT (tenant_id, id) DO UPDATE SET name = excluded.name;
    RETURN box;
END $$;
-- +goose StatementEnd

-- Nobody logs in to a sandbox, and no rounds are run in one: a robot delivers its orders.
CREATE OR REPLACE FUNCTION tenant_by_slug(want text) RETURNS uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
AS $$ SELECT id FROM tenants WHERE slug = want AND sandbox_of IS NULL $$;

CREATE OR REPLACE FUNCTION all_zones() RETURNS TABLE (tenant_id uuid, zone_id uuid) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
AS $$ SELECT z.tenant_id, z.id FROM zones z JOIN tenants t ON t.id = z.tenant_id WHERE t.sandbox_of IS NULL $$;

CREATE FUNCTION all_sandboxes() RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
AS $$ SELECT id FROM tenants WHERE sandbox_of IS NOT NULL ORDER BY id $$;

DROP FUNCTION api_key_holder(bytea, timestamptz);
-- +goose StatementBegin
CREATE FUNCTION api_key_holder(want bytea, at timestamptz)
RETURNS TABLE (tenant_id uuid, home_id uuid, key_id uuid, merchant_id uuid, scopes text, test boolean, until timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT CASE WHEN k.test THEN box.id ELSE k.tenant_id END, k.tenant_id, k.id, k.merchant_id, k.scopes, k.test, k.until
    FROM (
        SELECT *, NULL::timestamptz AS until FROM api_keys WHERE secret_hash = want
        UNION ALL
        SELECT *, previous_until AS until FROM api_keys WHERE previous_hash = want AND previous_until > at
    ) k LEFT JOIN tenants box ON box.sandbox_of = k.tenant_id
    WHERE k.revoked_at IS NULL
$$;
-- +goose StatementEnd
-- +goose StatementBegin
DO $$
DECLARE f text;
BEGIN
    FOREACH f IN ARRAY ARRAY['mirror_zones(uuid, uuid)', 'mirror_zone()', 'open_sandbox(uuid, uuid, timestamptz)', 'all_sandboxes()', 'api_key_holder(bytea, timestamptz)'] LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f);
    END LOOP;
END $$;
-- +goose StatementEnd
GRANT EXECUTE ON FUNCTION open_sandbox(uuid, uuid, timestamptz), all_sandboxes(), api_key_holder(bytea, timestamptz) TO paidan_app;
