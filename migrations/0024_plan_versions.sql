-- +goose Up

-- The last versions of each rider's plan, as orders and kinds of stop alone: from them a phone is told what has changed since it looked.
CREATE TABLE plan_versions (
    tenant_id uuid NOT NULL,
    rider_id  uuid NOT NULL,
    version   bigint NOT NULL,
    at        timestamptz NOT NULL,
    stops     jsonb NOT NULL, -- [{"order_id", "kind"}]
    PRIMARY KEY (tenant_id, rider_id, version),
    FOREIGN KEY (tenant_id, rider_id) REFERENCES riders
);
ALTER TABLE plan_versions ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON plan_versions USING (tenant_id = (SELECT current_tenant())) WITH CHECK (tenant_id = (SELECT current_tenant()));
GRANT SELECT, INSERT, DELETE ON plan_versions TO paidan_app;
