-- +goose Up

-- Orders that a merchant places together, for one rider to carry. Which ones is told by the orders.
CREATE TABLE jobs (
    tenant_id   uuid NOT NULL,
    id          uuid NOT NULL,
    merchant_id uuid NOT NULL,
    zone_id     uuid NOT NULL,
    placed_at   timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, merchant_id) REFERENCES merchants,
    FOREIGN KEY (tenant_id, zone_id) REFERENCES zones
);
CREATE INDEX jobs_by_merchant ON jobs (tenant_id, merchant_id, id);
ALTER TABLE jobs ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON jobs USING (tenant_id = (SELECT current_tenant())) WITH CHECK (tenant_id = (SELECT current_tenant()));
GRANT SELECT, INSERT ON jobs TO paidan_app;

ALTER TABLE orders
    ADD COLUMN job_id uuid, -- NULL: it goes alone
    ADD FOREIGN KEY (tenant_id, job_id) REFERENCES jobs;
CREATE INDEX orders_of_job ON orders (tenant_id, job_id) WHERE job_id IS NOT NULL;
