-- +goose Up

-- What a rider was told to earn by an order when it was offered or given: that is what the rider earns by it, whatever the rules say later.
CREATE TABLE rider_pay (
    tenant_id uuid NOT NULL,
    order_id  uuid NOT NULL,
    rider_id  uuid NOT NULL,
    minor     bigint NOT NULL CHECK (minor >= 0),
    currency  text NOT NULL,
    terms     jsonb NOT NULL, -- [{"kind","minor","name","percent"}]: they add up to minor
    told_at   timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, order_id, rider_id),
    FOREIGN KEY (tenant_id, order_id) REFERENCES orders,
    FOREIGN KEY (tenant_id, rider_id) REFERENCES riders
);
GRANT SELECT, INSERT, UPDATE ON rider_pay TO paidan_app;

-- When it rained in a zone, as its dispatchers said.
CREATE TABLE rain_spells (
    tenant_id uuid NOT NULL,
    zone_id   uuid NOT NULL,
    from_at   timestamptz NOT NULL,
    until_at  timestamptz CHECK (until_at > from_at), -- NULL: until further notice
    set_by    uuid NOT NULL,
    PRIMARY KEY (tenant_id, zone_id, from_at),
    FOREIGN KEY (tenant_id, zone_id) REFERENCES zones,
    FOREIGN KEY (tenant_id, set_by) REFERENCES users
);
GRANT SELECT, INSERT, UPDATE, DELETE ON rain_spells TO paidan_app;

-- +goose StatementBegin
DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['rider_pay', 'rain_spells']
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY tenant ON %I USING (tenant_id = (SELECT current_tenant())) WITH CHECK (tenant_id = (SELECT current_tenant()))', t);
    END LOOP;
END $$;
-- +goose StatementEnd

-- Each bonus is a line of its own.
ALTER TABLE ledger_postings
    ADD COLUMN term text NOT NULL DEFAULT '', -- of a rider's pay: peak, long_distance, rain; '' = all else
    ADD COLUMN name text NOT NULL DEFAULT ''; -- of a peak, as the tariff calls it

-- What a shift earned less than its hours are worth is added when its day is closed, once.
ALTER TABLE ledger_transactions
    ADD COLUMN shift_id uuid,
    ADD FOREIGN KEY (tenant_id, shift_id) REFERENCES shifts,
    DROP CONSTRAINT ledger_transactions_kind_check,
    ADD CONSTRAINT ledger_transactions_kind_check CHECK (kind IN ('delivered', 'returned', 'cancelled', 'adjustment', 'guarantee')),
    DROP CONSTRAINT ledger_transactions_order,
    ADD CONSTRAINT ledger_transactions_order CHECK (kind IN ('adjustment', 'guarantee') OR num_nulls(order_id, order_version) = 0),
    ADD CONSTRAINT ledger_transactions_shift CHECK ((kind = 'guarantee') = (shift_id IS NOT NULL));
CREATE UNIQUE INDEX ledger_transactions_of_shift ON ledger_transactions (tenant_id, shift_id) WHERE shift_id IS NOT NULL;
CREATE INDEX shifts_ended ON shifts (tenant_id, ended_at) WHERE ended_at IS NOT NULL;
