-- +goose Up

-- A zone's prices. Every version is kept: an order's fee, its rider's pay and its cancellation go by the version of its placement.
CREATE TABLE tariffs (
    tenant_id  uuid NOT NULL,
    zone_id    uuid NOT NULL,
    version    bigint NOT NULL CHECK (version > 0),
    tariff     jsonb NOT NULL,
    created_by uuid NOT NULL,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, zone_id, version),
    FOREIGN KEY (tenant_id, zone_id) REFERENCES zones,
    FOREIGN KEY (tenant_id, created_by) REFERENCES users
);

-- What the merchant pays, fixed at placement: all of it or nothing (no tariff, no fee).
ALTER TABLE orders
    ADD COLUMN weight_g       integer NOT NULL DEFAULT 0 CHECK (weight_g >= 0), -- 0: not told
    ADD COLUMN fee_minor      bigint CHECK (fee_minor >= 0),
    ADD COLUMN fee_currency   text,
    ADD COLUMN fee_tariff     bigint,  -- the version of the zone's tariff
    ADD COLUMN fee_distance_m integer, -- from store to door, as it was billed
    ADD COLUMN fee_terms      jsonb,   -- [{"kind","minor","name","percent"}]: they add up to fee_minor
    ADD CONSTRAINT orders_fee CHECK (num_nulls(fee_minor, fee_currency, fee_tariff, fee_distance_m, fee_terms) IN (0, 5)),
    ADD CONSTRAINT orders_fee_tariff FOREIGN KEY (tenant_id, zone_id, fee_tariff) REFERENCES tariffs (tenant_id, zone_id, version);

CREATE TABLE quotes (
    tenant_id   uuid NOT NULL,
    id          uuid NOT NULL,
    merchant_id uuid NOT NULL,
    quote       jsonb NOT NULL, -- what was asked and what was answered
    created_at  timestamptz NOT NULL,
    expires_at  timestamptz NOT NULL,
    order_id    uuid, -- the one that used it
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, merchant_id) REFERENCES merchants,
    FOREIGN KEY (tenant_id, order_id) REFERENCES orders DEFERRABLE INITIALLY DEFERRED -- claimed before the order is written
);
CREATE INDEX quotes_age ON quotes (tenant_id, expires_at);

-- The ledger: double entry, append-only --------------------------------------------------------------------------------

CREATE TABLE ledger_transactions (
    tenant_id     uuid NOT NULL,
    id            uuid NOT NULL,
    kind          text NOT NULL CHECK (kind IN ('delivered', 'returned', 'cancelled', 'adjustment')),
    at            timestamptz NOT NULL, -- when it was posted; its day is that of the settlement
    order_id      uuid,
    order_version bigint,
    client_id     uuid, -- adjustments: made by the client; the same twice is one
    user_id       uuid, -- adjustments: who
    reason        text, -- adjustments: why
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, order_id) REFERENCES orders,
    FOREIGN KEY (tenant_id, user_id) REFERENCES users,
    CONSTRAINT ledger_transactions_order CHECK (kind = 'adjustment' OR num_nulls(order_id, order_version) = 0),
    CONSTRAINT ledger_transactions_adjustment CHECK (num_nonnulls(client_id, user_id, reason) = CASE kind WHEN 'adjustment' THEN 3 ELSE 0 END)
);
CREATE UNIQUE INDEX ledger_transactions_once ON ledger_transactions (tenant_id, kind, order_id, order_version) WHERE kind <> 'adjustment';
CREATE UNIQUE INDEX ledger_transactions_client ON ledger_transactions (tenant_id, client_id) WHERE client_id IS NOT NULL;
CREATE INDEX ledger_transactions_of_order ON ledger_transactions (tenant_id, order_id) WHERE order_id IS NOT NULL;

-- Debits are positive, credits negative. A merchant's balance is what the merchant owes, a rider's negated what the rider is owed.
CREATE TABLE ledger_postings (
    tenant_id      uuid NOT NULL,
    transaction_id uuid NOT NULL,
    nth            smallint NOT NULL,
    account        text NOT NULL CHECK (account IN ('merchant', 'rider', 'revenue', 'rider_cost', 'adjustments')),
    merchant_id    uuid,
    rider_id       uuid,
    amount         bigint NOT NULL CHECK (amount <> 0), -- minor units
    currency       text NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
    at             timestamptz NOT NULL, -- the transaction's
    PRIMARY KEY (tenant_id, transaction_id, nth),
    FOREIGN KEY (tenant_id, transaction_id) REFERENCES ledger_transactions,
    FOREIGN KEY (tenant_id, merchant_id) REFERENCES merchants,
    FOREIGN KEY (tenant_id, rider_id) REFERENCES riders,
    CONSTRAINT ledger_postings_account CHECK ((merchant_id IS NOT NULL) = (account = 'merchant') AND (rider_id IS NOT NULL) = (account = 'rider'))
);
CREATE INDEX ledger_postings_of_merchant ON ledger_postings (tenant_id, merchant_id, at) WHERE merchant_id IS NOT NULL;
CREATE INDEX ledger_postings_of_rider ON ledger_postings (tenant_id, rider_id, at) WHERE rider_id IS NOT NULL;

-- Looked at when the transaction commits, so that its postings may be written one after the other. It runs as the owner: a
-- check that row-level security could blind is none.
-- +goose StatementBegin
CREATE FUNCTION ledger_balances(tenant uuid, entry uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE postings bigint; uneven text;
BEGIN
    SELECT count(*) INTO postings FROM ledger_postings WHERE tenant_id = tenant AND transaction_id = entry;
    SELECT string_agg(currency || ' ' || total, ', ') INTO uneven FROM (
        SELECT currency, sum(amount) AS total FROM ledger_postings WHERE tenant_id = tenant AND transaction_id = entry
        GROUP BY currency HAVING sum(amount) <> 0) x;
    IF postings < 2 OR uneven IS NOT NULL THEN
        RAISE EXCEPTION 'ledger transaction % does not balance: % postings, off by %', entry, postings, coalesce(uneven, 'nothing')
            USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_balances';
    END IF;
END $$;
CREATE FUNCTION ledger_transaction_balances() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN PERFORM ledger_balances(NEW.tenant_id, NEW.id); RETURN NULL; END $$;
CREATE FUNCTION ledger_posting_balances() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN PERFORM ledger_balances(NEW.tenant_id, NEW.transaction_id); RETURN NULL; END $$;
-- +goose StatementEnd
REVOKE ALL ON FUNCTION ledger_balances, ledger_transaction_balances, ledger_posting_balances FROM PUBLIC;
CREATE CONSTRAINT TRIGGER ledger_balances AFTER INSERT OR UPDATE ON ledger_transactions DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION ledger_transaction_balances();
CREATE CONSTRAINT TRIGGER ledger_balances AFTER INSERT OR UPDATE ON ledger_postings DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION ledger_posting_balances();

-- Settlements: a day of one merchant or rider, closed -------------------------------------------------------------------

-- Postings of merchants and riders that no settlement has yet. Closing a day moves them into its lines.
CREATE TABLE ledger_open (
    tenant_id      uuid NOT NULL,
    transaction_id uuid NOT NULL,
    nth            smallint NOT NULL,
    merchant_id    uuid,
    rider_id       uuid,
    currency       text NOT NULL,
    at             timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, transaction_id, nth),
    FOREIGN KEY (tenant_id, transaction_id, nth) REFERENCES ledger_postings
);
CREATE INDEX ledger_open_at ON ledger_open (tenant_id, at);

-- The days that are closed: what is posted to one afterwards belongs to the next.
CREATE TABLE settlement_days (
    tenant_id uuid NOT NULL REFERENCES tenants,
    day       date NOT NULL, -- of the tenant's time zone
    closed_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, day)
);

CREATE TABLE settlements (
    tenant_id   uuid NOT NULL,
    id          uuid NOT NULL,
    day         date NOT NULL,
    merchant_id uuid,
    rider_id    uuid,
    currency    text NOT NULL,
    total       bigint NOT NULL,  -- minor units: what the merchant owes, or the rider is owed
    lines       integer NOT NULL CHECK (lines > 0),
    closed_at   timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, day) REFERENCES settlement_days,
    FOREIGN KEY (tenant_id, merchant_id) REFERENCES merchants,
    FOREIGN KEY (tenant_id, rider_id) REFERENCES riders,
    CONSTRAINT settlements_party CHECK (num_nonnulls(merchant_id, rider_id) = 1)
);
CREATE UNIQUE INDEX settlements_of_merchant ON settlements (tenant_id, merchant_id, day, currency) WHERE merchant_id IS NOT NULL;
CREATE UNIQUE INDEX settlements_of_rider ON settlements (tenant_id, rider_id, day, currency) WHERE rider_id IS NOT NULL;

CREATE TABLE settlement_lines (
    tenant_id      uuid NOT NULL,
    settlement_id  uuid NOT NULL,
    transaction_id uuid NOT NULL,
    nth            smallint NOT NULL,
    PRIMARY KEY (tenant_id, settlement_id, transaction_id, nth),
    UNIQUE (tenant_id, transaction_id, nth), -- settled once
    FOREIGN KEY (tenant_id, settlement_id) REFERENCES settlements DEFERRABLE INITIALLY DEFERRED, -- whose total is that of its lines
    FOREIGN KEY (tenant_id, transaction_id, nth) REFERENCES ledger_postings
);

-- Rights: what is written stays; a quote is marked as used and forgotten in time, an open posting is settled. ------------
-- +goose StatementBegin
DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['tariffs', 'quotes', 'ledger_transactions', 'ledger_postings', 'ledger_open', 'settlement_days', 'settlements', 'settlement_lines']
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY tenant ON %I USING (tenant_id = (SELECT current_tenant())) WITH CHECK (tenant_id = (SELECT current_tenant()))', t);
        EXECUTE format('GRANT SELECT, INSERT ON %I TO paidan_app', t);
    END LOOP;
END $$;
-- +goose StatementEnd
GRANT UPDATE, DELETE ON quotes TO paidan_app;
GRANT DELETE ON ledger_open TO paidan_app;
