-- +goose Up

-- Until when the riders of an accepted handover have to have met: then the giver keeps the orders. NULL: no limit.
ALTER TABLE handovers ADD COLUMN meet_by timestamptz;
UPDATE handovers SET meet_by = meet_at + interval '15 minutes' WHERE state = 'accepted';
