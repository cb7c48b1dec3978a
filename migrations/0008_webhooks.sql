-- +goose Up

-- Where a merchant wants events sent.
CREATE TABLE webhook_endpoints (
    tenant_id       uuid NOT NULL,
    id              uuid NOT NULL,
    merchant_id     uuid NOT NULL,
    url             text NOT NULL,
    description     text NOT NULL DEFAULT '',
    event_types     text[] NOT NULL DEFAULT '{}', -- empty: all
    secret          text NOT NULL,                -- in clear: it signs what is sent
    old_secrets     jsonb NOT NULL DEFAULT '[]',  -- [{"secret","until"}], which sign too until then
    state           text NOT NULL CHECK (state IN ('enabled', 'disabled')),
    disabled_at     timestamptz,
    disabled_reason text CHECK (disabled_reason IN ('merchant', 'gone', 'failing')),
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, merchant_id, url),
    FOREIGN KEY (tenant_id, merchant_id) REFERENCES merchants,
    CONSTRAINT webhook_endpoints_disabled CHECK ((disabled_at IS NOT NULL) = (state = 'disabled')
                                                 AND (disabled_reason IS NOT NULL) = (state = 'disabled'))
);

-- What moves with each delivery: how far an endpoint has come in the feed, and how it answers. A table of its own, because its rows
-- change all the time.
CREATE TABLE webhook_progress (
    tenant_id       uuid NOT NULL,
    endpoint_id     uuid NOT NULL,
    place           bytea NOT NULL,              -- up to here the feed's events have deliveries (order.Cursor)
    failures        integer NOT NULL DEFAULT 0,  -- attempts that failed since the last that did not
    failing_since   timestamptz,                 -- the first of them
    probe_at        timestamptz,                 -- while it is taken for sick: when it is asked again
    last_success_at timestamptz,
    PRIMARY KEY (tenant_id, endpoint_id),
    FOREIGN KEY (tenant_id, endpoint_id) REFERENCES webhook_endpoints ON DELETE CASCADE,
    CONSTRAINT webhook_progress_failing CHECK ((failing_since IS NOT NULL) = (failures > 0))
) WITH (fillfactor = 50);

-- One event for one endpoint: to be sent, or the log of how it was. Of a test event the order is made up and the version is 0.
-- No foreign key: a deleted endpoint's log is cleared by a chore, not by the request.
CREATE TABLE webhook_deliveries (
    tenant_id    uuid NOT NULL,
    endpoint_id  uuid NOT NULL,
    order_id     uuid NOT NULL,
    version      bigint NOT NULL,
    type         text NOT NULL,
    at           timestamptz NOT NULL, -- of the event
    state        text NOT NULL CHECK (state IN ('pending', 'delivered', 'failed')),
    attempts     integer NOT NULL DEFAULT 0,
    next_at      timestamptz, -- of the next attempt
    created_at   timestamptz NOT NULL,
    attempted_at timestamptz, -- from here on: of the last attempt
    status       integer,     -- of the answer; NULL: none came
    error        text,        -- why none came
    body         text,        -- its beginning
    took_ms      integer,
    PRIMARY KEY (tenant_id, endpoint_id, order_id, version),
    CONSTRAINT webhook_deliveries_next CHECK ((next_at IS NOT NULL) = (state = 'pending'))
);
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (tenant_id, endpoint_id, next_at, order_id, version) WHERE state = 'pending';
CREATE INDEX webhook_deliveries_log ON webhook_deliveries (tenant_id, endpoint_id, created_at, order_id, version);
CREATE INDEX webhook_deliveries_failed ON webhook_deliveries (tenant_id, endpoint_id, created_at, order_id, version) WHERE state = 'failed';
CREATE INDEX webhook_deliveries_age ON webhook_deliveries USING brin (created_at);

-- +goose StatementBegin
DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['webhook_endpoints', 'webhook_progress', 'webhook_deliveries'] LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY tenant ON %I USING (tenant_id = (SELECT current_tenant())) WITH CHECK (tenant_id = (SELECT current_tenant()))', t);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO paidan_app', t);
    END LOOP;
END $$;
-- +goose StatementEnd

-- Whose events somebody wants sent: one more question from before a tenant is known.
CREATE FUNCTION webhook_tenants() RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
AS $$ SELECT DISTINCT tenant_id FROM webhook_endpoints WHERE state = 'enabled' $$;
REVOKE ALL ON FUNCTION webhook_tenants() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION webhook_tenants() TO paidan_app;
