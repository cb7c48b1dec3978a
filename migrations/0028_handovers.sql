-- +goose Up

-- Orders that one rider gives to another, who agrees. An open one waits for the taker until expires_at. What is not picked up is the taker's with
-- the yes (done); what is on board has still to change hands at the meeting place (accepted), and until then is the giver's.
CREATE TABLE handovers (
    tenant_id   uuid NOT NULL,
    id          uuid NOT NULL,
    zone_id     uuid NOT NULL,
    giver_id    uuid NOT NULL,
    taker_id    uuid NOT NULL CHECK (taker_id <> giver_id),
    order_ids   uuid[] NOT NULL CHECK (cardinality(order_ids) > 0), -- as proposed; handover_orders tells which are left
    state       text NOT NULL CHECK (state IN ('open', 'accepted', 'done', 'declined', 'expired', 'cancelled', 'overtaken')),
    actor_kind  text NOT NULL CHECK (actor_kind IN ('rider', 'dispatcher')), -- who proposed it
    actor_id    uuid NOT NULL,
    action_id   uuid NOT NULL, -- made by the proposer's phone or browser
    reason      text NOT NULL DEFAULT '',
    stops       jsonb NOT NULL, -- the taker's plan if accepted, as it looked when it was proposed
    meet_lat    double precision CHECK (meet_lat BETWEEN -90 AND 90),
    meet_lng    double precision CHECK (meet_lng BETWEEN -180 AND 180),
    made_at     timestamptz NOT NULL,
    expires_at  timestamptz NOT NULL,
    seen_at     timestamptz, -- by the taker
    answered_at timestamptz, -- by the taker
    ended_at    timestamptz,
    end_reason  text NOT NULL DEFAULT '',
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, actor_id, action_id),
    FOREIGN KEY (tenant_id, zone_id) REFERENCES zones,
    FOREIGN KEY (tenant_id, giver_id) REFERENCES riders,
    FOREIGN KEY (tenant_id, taker_id) REFERENCES riders,
    CONSTRAINT handovers_ended CHECK ((ended_at IS NULL) = (state IN ('open', 'accepted'))),
    CONSTRAINT handovers_answered CHECK (state NOT IN ('accepted', 'done', 'declined') OR answered_at IS NOT NULL),
    CONSTRAINT handovers_place CHECK ((meet_lat IS NULL) = (meet_lng IS NULL)),
    CONSTRAINT handovers_meet CHECK (state <> 'accepted' OR meet_lat IS NOT NULL)
);
CREATE INDEX handovers_live ON handovers (tenant_id, zone_id, state) WHERE state IN ('open', 'accepted');
CREATE INDEX handovers_of_giver ON handovers (tenant_id, giver_id, id);
CREATE INDEX handovers_of_taker ON handovers (tenant_id, taker_id, id);
CREATE INDEX handovers_of_zone ON handovers (tenant_id, zone_id, id);

-- The orders of handovers. live is true while the order waits to change hands: one handover at a time.
CREATE TABLE handover_orders (
    tenant_id   uuid NOT NULL,
    handover_id uuid NOT NULL,
    order_id    uuid NOT NULL,
    live        boolean NOT NULL,
    PRIMARY KEY (tenant_id, handover_id, order_id),
    FOREIGN KEY (tenant_id, handover_id) REFERENCES handovers ON DELETE CASCADE,
    FOREIGN KEY (tenant_id, order_id) REFERENCES orders
);
CREATE UNIQUE INDEX handover_orders_live ON handover_orders (tenant_id, order_id) WHERE live;
CREATE INDEX handover_orders_of_order ON handover_orders (tenant_id, order_id);

-- +goose StatementBegin
DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['handovers', 'handover_orders']
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY tenant ON %I USING (tenant_id = (SELECT current_tenant())) WITH CHECK (tenant_id = (SELECT current_tenant()))', t);
    END LOOP;
END $$;
-- +goose StatementEnd
GRANT SELECT, INSERT, UPDATE ON handovers, handover_orders TO paidan_app;
