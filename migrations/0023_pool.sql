-- +goose Up

-- The pool: orders that the riders nearby may claim. A row counts while its order is pending; the zone's rounds make and remove them.
-- What goes together (a job's orders) is one lot: the job's id, or the order's own.
CREATE TABLE pool_orders (
    tenant_id uuid NOT NULL,
    order_id  uuid NOT NULL,
    lot_id    uuid NOT NULL,
    zone_id   uuid NOT NULL,
    since     timestamptz NOT NULL,
    closes_at timestamptz NOT NULL CHECK (closes_at >= since), -- until then claims are collected, from then on the first one wins
    PRIMARY KEY (tenant_id, order_id),
    FOREIGN KEY (tenant_id, order_id) REFERENCES orders,
    FOREIGN KEY (tenant_id, zone_id) REFERENCES zones
);
CREATE INDEX pool_orders_by_zone ON pool_orders (tenant_id, zone_id);
ALTER TABLE pool_orders ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON pool_orders USING (tenant_id = (SELECT current_tenant())) WITH CHECK (tenant_id = (SELECT current_tenant()));
GRANT SELECT, INSERT, DELETE ON pool_orders TO paidan_app;

-- Each rider's latest claim of each lot.
CREATE TABLE pool_claims (
    tenant_id  uuid NOT NULL,
    lot_id     uuid NOT NULL,
    rider_id   uuid NOT NULL,
    order_id   uuid NOT NULL, -- of the lot, as the rider named it
    action_id  uuid NOT NULL, -- made by the phone
    at         timestamptz NOT NULL,
    state      text NOT NULL CHECK (state IN ('open', 'won', 'lost')),
    decided_at timestamptz,
    reason     text NOT NULL DEFAULT '',
    PRIMARY KEY (tenant_id, lot_id, rider_id),
    FOREIGN KEY (tenant_id, order_id) REFERENCES orders,
    FOREIGN KEY (tenant_id, rider_id) REFERENCES riders,
    CONSTRAINT pool_claims_decided CHECK ((state = 'open') = (decided_at IS NULL))
);
CREATE INDEX pool_claims_of_rider ON pool_claims (tenant_id, rider_id, at DESC);
CREATE INDEX pool_claims_age ON pool_claims (tenant_id, at);
ALTER TABLE pool_claims ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON pool_claims USING (tenant_id = (SELECT current_tenant())) WITH CHECK (tenant_id = (SELECT current_tenant()));
GRANT SELECT, INSERT, UPDATE, DELETE ON pool_claims TO paidan_app;

-- A claim is decided when it comes, or between two rounds.
ALTER TABLE decisions DROP CONSTRAINT decisions_kind_check,
                      ADD CONSTRAINT decisions_kind_check CHECK (kind IN ('offered', 'assigned', 'claimed', 'held', 'waiting')),
                      ALTER COLUMN round_id DROP NOT NULL;
