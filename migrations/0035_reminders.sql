-- +goose Up

-- When a rider was told that a booked shift is near, and that it has begun without the rider: once each, whoever asks.
ALTER TABLE shift_bookings ADD COLUMN reminded_at timestamptz, ADD COLUMN told_late_at timestamptz;
CREATE INDEX shift_bookings_awaited ON shift_bookings (tenant_id, zone_id, starts_at) WHERE cancelled_at IS NULL AND shift_id IS NULL;
