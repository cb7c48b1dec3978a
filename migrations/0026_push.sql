-- +goose Up

-- Where a device is woken: what its provider calls it. Signed out, a device is not woken any more.
CREATE TABLE push_tokens (
    tenant_id  uuid NOT NULL,
    device_id  uuid NOT NULL,
    rider_id   uuid NOT NULL,
    provider   text NOT NULL CHECK (provider IN ('fcm', 'jpush', 'web', 'gateway')),
    token      text NOT NULL CHECK (length(token) BETWEEN 1 AND 2000),
    locale     text NOT NULL,
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, device_id),
    UNIQUE (tenant_id, provider, token), -- a phone that changes hands wakes its new rider only
    FOREIGN KEY (tenant_id, device_id) REFERENCES rider_devices (tenant_id, id) ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, rider_id) REFERENCES riders
);
CREATE INDEX push_tokens_of_rider ON push_tokens (tenant_id, rider_id);
ALTER TABLE push_tokens ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON push_tokens USING (tenant_id = (SELECT current_tenant())) WITH CHECK (tenant_id = (SELECT current_tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON push_tokens TO paidan_app;
