-- +goose Up

-- Breaks that phones tell in another order than they were had are put right.
GRANT UPDATE (ended_at), DELETE ON shift_breaks TO paidan_app;
