-- +goose Up

-- What customers say of their deliveries, on the tracking page and once.
CREATE TABLE ratings (
    tenant_id uuid NOT NULL,
    order_id  uuid NOT NULL,
    stars     smallint NOT NULL CHECK (stars BETWEEN 1 AND 5),
    comment   text NOT NULL DEFAULT '',
    at        timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, order_id),
    FOREIGN KEY (tenant_id, order_id) REFERENCES orders
);
ALTER TABLE ratings ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON ratings USING (tenant_id = (SELECT current_tenant())) WITH CHECK (tenant_id = (SELECT current_tenant()));
GRANT SELECT, INSERT ON ratings TO paidan_app;
