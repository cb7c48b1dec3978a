-- +goose Up

-- Phones that were signed out while their last access token may still be good: tokens are believed without a look at the database, so each process
-- keeps these few in memory. expires_at is as it was in rider_devices: it tells when the phone got its last token.
CREATE TABLE signed_out_devices (
    tenant_id  uuid NOT NULL REFERENCES tenants,
    device_id  uuid NOT NULL,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, device_id)
);
CREATE INDEX signed_out_devices_expire ON signed_out_devices (expires_at);
ALTER TABLE signed_out_devices ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON signed_out_devices USING (tenant_id = (SELECT current_tenant())) WITH CHECK (tenant_id = (SELECT current_tenant()));
GRANT SELECT, INSERT, DELETE ON signed_out_devices TO paidan_app;

-- However a device goes, it is noted.
-- +goose StatementBegin
CREATE FUNCTION note_signed_out() RETURNS trigger LANGUAGE plpgsql SET search_path = public AS $$
BEGIN
    INSERT INTO signed_out_devices (tenant_id, device_id, expires_at) SELECT tenant_id, id, expires_at FROM gone;
    RETURN NULL;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER note_signed_out AFTER DELETE ON rider_devices REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION note_signed_out();

-- Of all tenants: every process guards the tokens of all.
CREATE FUNCTION signed_out_since(since timestamptz) RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
AS $$ SELECT device_id FROM signed_out_devices WHERE expires_at > since $$;
REVOKE ALL ON FUNCTION signed_out_since(timestamptz), note_signed_out() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION signed_out_since(timestamptz), note_signed_out() TO paidan_app;
