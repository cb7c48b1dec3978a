-- +goose Up

-- What riders report beside their work: an accident, a customer who is absent, an alarm. Each waits for a dispatcher to acknowledge it.
CREATE TABLE incidents (
    tenant_id       uuid NOT NULL,
    id              uuid NOT NULL,
    rider_id        uuid NOT NULL,
    zone_id         uuid NOT NULL,
    kind            text NOT NULL,
    order_id        uuid,
    action_id       uuid NOT NULL, -- made by the phone
    at              timestamptz NOT NULL,
    client_at       timestamptz NOT NULL, -- by the phone's clock
    lat             double precision,
    lng             double precision,
    note            text NOT NULL DEFAULT '',
    released        uuid[] NOT NULL, -- orders that went back to the queue
    returning_ids   uuid[] NOT NULL, -- orders that go back to their stores
    acknowledged_at timestamptz,
    acknowledged_by uuid,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, rider_id, action_id),
    FOREIGN KEY (tenant_id, rider_id) REFERENCES riders,
    FOREIGN KEY (tenant_id, zone_id) REFERENCES zones,
    FOREIGN KEY (tenant_id, order_id) REFERENCES orders,
    FOREIGN KEY (tenant_id, acknowledged_by) REFERENCES users,
    CONSTRAINT incidents_place CHECK ((lat IS NULL) = (lng IS NULL)),
    CONSTRAINT incidents_acknowledged CHECK ((acknowledged_at IS NULL) = (acknowledged_by IS NULL))
);
CREATE INDEX incidents_open ON incidents (tenant_id, id) WHERE acknowledged_at IS NULL;
ALTER TABLE incidents ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON incidents USING (tenant_id = (SELECT current_tenant())) WITH CHECK (tenant_id = (SELECT current_tenant()));
GRANT SELECT, INSERT, UPDATE ON incidents TO paidan_app;
