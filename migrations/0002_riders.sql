-- +goose Up

-- A phone that lost the answer to a refresh asks again with the token it still has; a stolen copy shows up the same way, later.
ALTER TABLE rider_devices ADD COLUMN previous_hash bytea UNIQUE, -- of the token that refresh_hash replaced
                          ADD COLUMN rotated_at timestamptz;

CREATE OR REPLACE FUNCTION device_tenant(want bytea) RETURNS uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
AS $$ SELECT tenant_id FROM rider_devices WHERE refresh_hash = want UNION ALL SELECT tenant_id FROM rider_devices WHERE previous_hash = want LIMIT 1 $$;

CREATE INDEX rider_devices_of_rider ON rider_devices (tenant_id, rider_id);

-- A rider's history of offers, newest first.
CREATE INDEX offers_of_rider ON offers (tenant_id, rider_id, id DESC);
