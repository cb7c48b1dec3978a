-- +goose Up

-- What riders' phones have told, by the ids that the phones made: an act that comes again, perhaps days later, is known by its id.
CREATE TABLE rider_actions (
    tenant_id  uuid NOT NULL,
    rider_id   uuid NOT NULL,
    action_id  uuid NOT NULL,
    about      uuid NOT NULL, -- the order or offer; the rider where it is a shift
    kind       text NOT NULL,
    at         timestamptz NOT NULL, -- by the phone's clock
    applied_at timestamptz NOT NULL,
    state      text NOT NULL, -- of the order right afterwards; '' where there is none
    version    bigint NOT NULL,
    PRIMARY KEY (tenant_id, rider_id, action_id, about),
    FOREIGN KEY (tenant_id, rider_id) REFERENCES riders
);
CREATE INDEX rider_actions_age ON rider_actions (tenant_id, applied_at);
ALTER TABLE rider_actions ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON rider_actions USING (tenant_id = (SELECT current_tenant())) WITH CHECK (tenant_id = (SELECT current_tenant()));
GRANT SELECT, INSERT, DELETE ON rider_actions TO paidan_app;
