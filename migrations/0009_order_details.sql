-- +goose Up

-- What a merchant may tell of an order beside where it goes. Defaults are of constants, so no row is rewritten.
ALTER TABLE orders
    ADD COLUMN tags           text[] NOT NULL DEFAULT '{}',
    ADD COLUMN metadata       jsonb NOT NULL DEFAULT '{}', -- the merchant's own; strings by name
    ADD COLUMN cash_minor     bigint NOT NULL DEFAULT 0 CHECK (cash_minor >= 0), -- to be collected at the door
    ADD COLUMN cash_currency  text NOT NULL DEFAULT '',
    ADD COLUMN tip_minor      bigint NOT NULL DEFAULT 0 CHECK (tip_minor >= 0),
    ADD COLUMN tip_currency   text NOT NULL DEFAULT '',
    ADD COLUMN deliver_after  timestamptz,
    ADD COLUMN deliver_before timestamptz CHECK (deliver_before > deliver_after),
    ADD COLUMN demand         jsonb NOT NULL DEFAULT '{}'; -- the proof without which it can't be delivered

-- A batch's key remembers its answer: which rows were placed, and why the others were not.
ALTER TABLE idempotency_keys
    ALTER COLUMN order_id DROP NOT NULL,
    ADD COLUMN answer bytea;
