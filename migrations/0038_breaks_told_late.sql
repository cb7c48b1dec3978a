-- +goose Up

-- Breaks that phones tell in another order than they were had are put right.
GRANT UPDATE (ended_at), DELETE ON shift_breaks TO paidan_app;

-- The act asked for something to begin with the last drop: it is not when that began.
ALTER TABLE rider_actions ADD COLUMN waits boolean NOT NULL DEFAULT false;
