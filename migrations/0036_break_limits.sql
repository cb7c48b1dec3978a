-- +goose Up

-- How long the break may last that is asked for or under way, where the zone's policy caps the breaks of a shift; it ends by itself then.
ALTER TABLE shifts ADD COLUMN break_for interval,
                   ADD CONSTRAINT shifts_break_for CHECK (break_for IS NULL OR break_asked_at IS NOT NULL OR break_since IS NOT NULL);
