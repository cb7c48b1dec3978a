-- +goose Up

-- When the giver of an accepted handover is expected at the meeting place: the taker's route is planned by it.
ALTER TABLE handovers ADD COLUMN meet_at timestamptz,
    DROP CONSTRAINT handovers_meet,
    ADD CONSTRAINT handovers_meet CHECK (state <> 'accepted' OR num_nulls(meet_lat, meet_at) = 0);
