-- +goose Up

-- Where riders seem to have arrived, by their positions. It suggests a tap and tells since when they wait; it proves nothing.
CREATE TABLE arrivals (
    tenant_id  uuid NOT NULL,
    order_id   uuid NOT NULL,
    rider_id   uuid NOT NULL,
    kind       text NOT NULL CHECK (kind IN ('pickup', 'dropoff')),
    at         timestamptz NOT NULL, -- of the first position inside
    noticed_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, order_id, kind, rider_id),
    FOREIGN KEY (tenant_id, order_id) REFERENCES orders,
    FOREIGN KEY (tenant_id, rider_id) REFERENCES riders
);
CREATE INDEX arrivals_age ON arrivals (tenant_id, noticed_at);
ALTER TABLE arrivals ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON arrivals USING (tenant_id = (SELECT current_tenant())) WITH CHECK (tenant_id = (SELECT current_tenant()));
GRANT SELECT, INSERT, DELETE ON arrivals TO paidan_app;
