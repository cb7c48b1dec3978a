-- +goose Up

-- Pictures taken as proof. Their content lies in the file store, by its SHA-256; here is what they prove.
CREATE TABLE proofs (
    tenant_id  uuid NOT NULL,
    id         uuid NOT NULL,
    order_id   uuid NOT NULL,
    rider_id   uuid NOT NULL, -- who took it
    kind       text NOT NULL CHECK (kind IN ('photo', 'signature')),
    sum        bytea NOT NULL CHECK (length(sum) = 32),
    media_type text NOT NULL,
    size       integer NOT NULL CHECK (size > 0),
    at         timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, order_id) REFERENCES orders,
    FOREIGN KEY (tenant_id, rider_id) REFERENCES riders,
    UNIQUE (tenant_id, order_id, kind, sum) -- the same picture twice is one
);
ALTER TABLE proofs ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON proofs USING (tenant_id = (SELECT current_tenant())) WITH CHECK (tenant_id = (SELECT current_tenant()));
GRANT SELECT, INSERT ON proofs TO paidan_app;
