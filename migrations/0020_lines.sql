-- +goose Up

-- Masked telephone numbers on loan: who calls one reaches the order's rider, or its customer.
CREATE TABLE order_lines (
    tenant_id uuid NOT NULL,
    order_id  uuid NOT NULL,
    rider_id  uuid NOT NULL,
    number    text NOT NULL,
    until     timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, order_id, rider_id),
    FOREIGN KEY (tenant_id, order_id) REFERENCES orders,
    FOREIGN KEY (tenant_id, rider_id) REFERENCES riders
);
CREATE INDEX order_lines_age ON order_lines (tenant_id, until);
ALTER TABLE order_lines ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON order_lines USING (tenant_id = (SELECT current_tenant())) WITH CHECK (tenant_id = (SELECT current_tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON order_lines TO paidan_app;
