-- +goose Up

-- Shifts that riders can book: on some weekdays, from and to a time of day of the tenant's time zone. A template and a day make a slot, which is
-- computed where it is looked at: no rows to be made ahead, none to be stale.
CREATE TABLE shift_templates (
    tenant_id  uuid NOT NULL,
    id         uuid NOT NULL,
    zone_id    uuid NOT NULL,
    name       text NOT NULL,
    weekdays   smallint[] NOT NULL CHECK (cardinality(weekdays) BETWEEN 1 AND 7 AND weekdays <@ '{0,1,2,3,4,5,6}'), -- 0 is Sunday
    from_min   smallint NOT NULL CHECK (from_min BETWEEN 0 AND 1439), -- minutes after midnight, by the clock on the wall
    to_min     smallint NOT NULL CHECK (to_min BETWEEN 0 AND 1439),   -- not after from_min: of the day after
    places     integer NOT NULL CHECK (places BETWEEN 1 AND 10000),
    vehicles   text[] NOT NULL DEFAULT '{}', -- empty: all
    first_day  date NOT NULL,
    last_day   date CHECK (last_day >= first_day - 1), -- the day before the first: it is over
    created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, zone_id) REFERENCES zones
);
CREATE INDEX shift_templates_of_zone ON shift_templates (tenant_id, zone_id);

CREATE TABLE shift_bookings (
    tenant_id    uuid NOT NULL,
    id           uuid NOT NULL,
    template_id  uuid NOT NULL,
    day          date NOT NULL,
    rider_id     uuid NOT NULL,
    zone_id      uuid NOT NULL,
    starts_at    timestamptz NOT NULL,
    ends_at      timestamptz NOT NULL CHECK (ends_at > starts_at),
    booked_at    timestamptz NOT NULL,
    booked_by    uuid, -- staff; NULL: the rider
    cancelled_at timestamptz,
    shift_id     uuid, -- with which the rider came
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, template_id) REFERENCES shift_templates,
    FOREIGN KEY (tenant_id, rider_id) REFERENCES riders,
    FOREIGN KEY (tenant_id, booked_by) REFERENCES users,
    FOREIGN KEY (tenant_id, shift_id) REFERENCES shifts
);
CREATE UNIQUE INDEX shift_bookings_once ON shift_bookings (tenant_id, template_id, day, rider_id) WHERE cancelled_at IS NULL;
CREATE INDEX shift_bookings_of_rider ON shift_bookings (tenant_id, rider_id, starts_at) WHERE cancelled_at IS NULL;

ALTER TABLE shift_templates ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON shift_templates USING (tenant_id = (SELECT current_tenant())) WITH CHECK (tenant_id = (SELECT current_tenant()));
GRANT SELECT, INSERT, UPDATE ON shift_templates TO paidan_app;
ALTER TABLE shift_bookings ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON shift_bookings USING (tenant_id = (SELECT current_tenant())) WITH CHECK (tenant_id = (SELECT current_tenant()));
GRANT SELECT, INSERT, UPDATE ON shift_bookings TO paidan_app;
