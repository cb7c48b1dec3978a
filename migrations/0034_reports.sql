-- +goose Up

-- A rider's decisions of a month: those in which the rider was chosen, and those in which another was and this one compared.
CREATE INDEX decisions_of_rider ON decisions (tenant_id, rider_id, first_at) WHERE rider_id IS NOT NULL;
CREATE INDEX decisions_compared ON decisions USING gin (jsonb_path_query_array(detail, '$.runners_up[*].rider_id'))
    WHERE kind IN ('offered', 'assigned', 'claimed');

-- Row-level security would keep the second index from being used: what looks into JSON is not leakproof. named is the rider's id as text.
-- +goose StatementBegin
CREATE FUNCTION decisions_about(who uuid, named text, since timestamptz, until timestamptz) RETURNS SETOF decisions
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT * FROM decisions
    WHERE tenant_id = current_tenant() AND rider_id = who AND first_at >= since AND first_at < until AND kind IN ('offered', 'assigned', 'claimed')
    UNION ALL
    SELECT * FROM decisions
    WHERE tenant_id = current_tenant() AND rider_id <> who AND first_at >= since AND first_at < until AND kind IN ('offered', 'assigned', 'claimed')
        AND jsonb_path_query_array(detail, '$.runners_up[*].rider_id') ? named
$$;
-- +goose StatementEnd
REVOKE ALL ON FUNCTION decisions_about(uuid, text, timestamptz, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION decisions_about(uuid, text, timestamptz, timestamptz) TO paidan_app;
