-- +goose Up

-- Fixes of days without a partition of their own go to positions_default. They used to stay there for good, and kept their day from ever getting one.

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION create_position_partition(day date) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE
    part  text := 'positions_' || to_char(day, 'YYYYMMDD');
    since timestamptz := day::timestamp AT TIME ZONE 'UTC';
    until timestamptz := (day + 1)::timestamp AT TIME ZONE 'UTC';
BEGIN
    LOCK TABLE positions IN SHARE UPDATE EXCLUSIVE MODE; -- one at a time
    IF to_regclass(part) IS NOT NULL THEN
        RETURN;
    END IF;
    LOCK TABLE positions_default IN ACCESS EXCLUSIVE MODE; -- no stray comes in between the move and the attachment
    EXECUTE format('CREATE TABLE %I (LIKE positions INCLUDING ALL)', part);
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', part);
    EXECUTE format('WITH strays AS (DELETE FROM positions_default WHERE at >= %L AND at < %L RETURNING *) INSERT INTO %I SELECT * FROM strays', since, until, part);
    EXECUTE format('ALTER TABLE positions ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', part, since, until);
END $$;

CREATE OR REPLACE FUNCTION drop_position_partitions(before date) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE part text; dropped integer := 0;
BEGIN
    FOR part IN SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
        WHERE i.inhparent = 'positions'::regclass AND c.relname ~ '^positions_\d{8}$'
          AND to_date(right(c.relname, 8), 'YYYYMMDD') < before
    LOOP
        EXECUTE format('DROP TABLE %I', part);
        dropped := dropped + 1;
    END LOOP;
    DELETE FROM positions_default WHERE at < before::timestamp AT TIME ZONE 'UTC'; -- few, so they may be deleted
    RETURN dropped;
END $$;
-- +goose StatementEnd
