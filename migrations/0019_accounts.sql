-- +goose Up

-- Devices have names and ids, so that one that was lost can be found and signed out. A device whose phone has moved on to the next
-- refresh token is still the same device.
ALTER TABLE rider_devices ADD COLUMN id uuid NOT NULL DEFAULT gen_random_uuid(),
                          ADD COLUMN name text NOT NULL DEFAULT '';
ALTER TABLE rider_devices ALTER COLUMN id DROP DEFAULT;
CREATE UNIQUE INDEX rider_devices_by_id ON rider_devices (tenant_id, id);

-- The one-time code that was last sent to a rider's phone. The row stays after its use: it counts how many were sent of late.
CREATE TABLE rider_codes (
    tenant_id    uuid NOT NULL,
    rider_id     uuid NOT NULL,
    code_hash    text, -- argon2id: a million guesses at a plain hash take a moment; NULL once it was used
    tries        integer NOT NULL,
    expires_at   timestamptz NOT NULL,
    issued       integer NOT NULL, -- since issued_since
    issued_since timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, rider_id),
    FOREIGN KEY (tenant_id, rider_id) REFERENCES riders ON DELETE CASCADE
);
ALTER TABLE rider_codes ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON rider_codes USING (tenant_id = (SELECT current_tenant())) WITH CHECK (tenant_id = (SELECT current_tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON rider_codes TO paidan_app;
