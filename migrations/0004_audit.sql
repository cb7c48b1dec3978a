-- +goose Up

-- Who changed what. Orders have their own log, order_events.
CREATE TABLE audit_log (
    tenant_id  uuid NOT NULL REFERENCES tenants,
    id         uuid NOT NULL,
    at         timestamptz NOT NULL,
    actor_kind text NOT NULL CHECK (actor_kind IN ('staff', 'merchant', 'rider', 'nobody')),
    actor      text NOT NULL, -- the id as callers know it: a user's, an API key's, a rider's
    operation  text NOT NULL, -- of the API
    target     text NOT NULL,
    request_id text NOT NULL,
    ip         text NOT NULL,
    outcome    text NOT NULL, -- ok, or the code of the refusal
    changes    jsonb NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX audit_log_by_actor ON audit_log (tenant_id, actor, id DESC);

ALTER TABLE audit_log ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON audit_log USING (tenant_id = (SELECT current_tenant())) WITH CHECK (tenant_id = (SELECT current_tenant()));
GRANT SELECT, INSERT ON audit_log TO paidan_app; -- history is append-only
