-- +goose Up

ALTER TABLE test_faults DROP CONSTRAINT test_faults_fault_check,
    ADD CONSTRAINT test_faults_fault_check CHECK (fault IN ('decline', 'delay_20_min', 'wrong_pin', 'undeliverable', 'webhook_500'));

-- The prices of a tenant's zones in its sandbox, without the surge: there every order has its rider.
ALTER TABLE tariffs ALTER COLUMN created_by DROP NOT NULL; -- nobody works in a sandbox

CREATE FUNCTION mirror_tariffs(home uuid, only_zone uuid) RETURNS void LANGUAGE sql SET search_path = public AS $$
    INSERT INTO tariffs (tenant_id, zone_id, version, tariff, created_at)
    SELECT box.id, t.zone_id, t.version, t.tariff - 'surge', t.created_at
    FROM tariffs t JOIN tenants box ON box.sandbox_of = t.tenant_id
    WHERE t.tenant_id = home AND (only_zone IS NULL OR t.zone_id = only_zone)
    ON CONFLICT (tenant_id, zone_id, version) DO NOTHING
$$;

-- As for zones: a tariff and a sandbox that begin at the same time wait for each other.
-- +goose StatementBegin
CREATE FUNCTION mirror_tariff() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
    PERFORM FROM tenants WHERE id = NEW.tenant_id FOR KEY SHARE;
    PERFORM mirror_tariffs(NEW.tenant_id, NEW.zone_id);
    RETURN NULL;
END $$;
-- +goose StatementEnd
CREATE TRIGGER tariffs_mirror AFTER INSERT ON tariffs FOR EACH ROW EXECUTE FUNCTION mirror_tariff();

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION open_sandbox(new_id uuid, with_merchant uuid, at timestamptz) RETURNS uuid LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE box uuid;
BEGIN
    PERFORM FROM tenants WHERE id = current_tenant() FOR UPDATE;
    INSERT INTO tenants (id, slug, name, timezone, created_at, sandbox_of)
    SELECT new_id, 'sandbox-' || replace(new_id::text, '-', ''), name, timezone, at, id FROM tenants WHERE id = current_tenant() AND sandbox_of IS NULL
    ON CONFLICT (sandbox_of) DO NOTHING;
    SELECT id INTO STRICT box FROM tenants WHERE sandbox_of = current_tenant();
    PERFORM mirror_zones(current_tenant(), NULL);
    PERFORM mirror_tariffs(current_tenant(), NULL);
    INSERT INTO merchants (tenant_id, id, name, created_at)
    SELECT box, id, name, created_at FROM merchants WHERE tenant_id = current_tenant() AND id = with_merchant
    ON CONFLICT (tenant_id, id) DO UPDATE SET name = excluded.name;
    RETURN box;
END $$;
-- +goose StatementEnd

REVOKE ALL ON FUNCTION mirror_tariffs(uuid, uuid), mirror_tariff() FROM PUBLIC;

SELECT mirror_tariffs(sandbox_of, NULL) FROM tenants WHERE sandbox_of IS NOT NULL;
