-- +goose Up

-- A rider may ask to end the shift, or to have a break, once nothing is left to deliver: until then no new orders come. break_since is that of the
-- break under way.
ALTER TABLE shifts ADD COLUMN end_asked_at timestamptz,
                   ADD COLUMN break_asked_at timestamptz,
                   ADD COLUMN break_since timestamptz,
                   ADD CONSTRAINT shifts_break CHECK (break_since IS NULL OR ended_at IS NULL);
CREATE INDEX shifts_of_rider ON shifts (tenant_id, rider_id, started_at);

-- The breaks that are over.
CREATE TABLE shift_breaks (
    tenant_id  uuid NOT NULL,
    shift_id   uuid NOT NULL,
    rider_id   uuid NOT NULL,
    started_at timestamptz NOT NULL,
    ended_at   timestamptz NOT NULL CHECK (ended_at >= started_at),
    PRIMARY KEY (tenant_id, shift_id, started_at),
    FOREIGN KEY (tenant_id, shift_id) REFERENCES shifts,
    FOREIGN KEY (tenant_id, rider_id) REFERENCES riders
);
CREATE INDEX shift_breaks_of_rider ON shift_breaks (tenant_id, rider_id, started_at);
ALTER TABLE shift_breaks ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON shift_breaks USING (tenant_id = (SELECT current_tenant())) WITH CHECK (tenant_id = (SELECT current_tenant()));
GRANT SELECT, INSERT ON shift_breaks TO paidan_app;
