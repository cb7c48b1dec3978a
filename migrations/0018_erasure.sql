-- +goose Up

ALTER TABLE orders
    ADD COLUMN erased_at timestamptz CHECK (erased_at IS NULL OR ended_at IS NOT NULL); -- when what it told of its customer was deleted
CREATE INDEX orders_unerased ON orders (tenant_id, ended_at) WHERE ended_at IS NOT NULL AND erased_at IS NULL;
GRANT DELETE ON proofs TO paidan_app;

-- Where an offer would have led: needed until it is answered, and for a few days to explain it.
CREATE INDEX offers_with_stops ON offers (tenant_id, answered_at) WHERE state <> 'open' AND stops <> '[]';

-- Deletes what orders that have ended tell of their customers, wherever it stands, the history included, which the application can't
-- change otherwise; answers which orders it was. Of places an accuracy of a kilometre is left: no door, but enough for statistics. The rows of pictures
-- stay until their files are gone.
-- +goose StatementBegin
CREATE FUNCTION erase_customers(want uuid[], now timestamptz) RETURNS SETOF uuid LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE erased uuid[];
BEGIN
    WITH ended AS (
        SELECT tenant_id, id FROM orders
        WHERE tenant_id = current_tenant() AND id = ANY (want) AND ended_at IS NOT NULL AND erased_at IS NULL ORDER BY id FOR UPDATE
    ), done AS (
        UPDATE orders o
        SET erased_at = now, dropoff = '{}', dropoff_lat = round(dropoff_lat::numeric, 2), dropoff_lng = round(dropoff_lng::numeric, 2),
            items = '[]', demand = '{}', tags = '{}', metadata = '{}', cancel_reason = CASE WHEN cancel_reason IS NULL THEN NULL ELSE 'erased' END
        FROM ended e WHERE o.tenant_id = e.tenant_id AND o.id = e.id RETURNING o.id
    )
    SELECT coalesce(array_agg(id), '{}') INTO erased FROM done;

    UPDATE order_events
    SET data = data - 'proof' - 'note' || CASE WHEN data ? 'reason' AND actor_kind NOT IN ('engine', 'system') AND type <> 'incident_reported'
                                               THEN '{"reason": "erased"}' ELSE '{}' END::jsonb
    WHERE tenant_id = current_tenant() AND order_id = ANY (erased);

    UPDATE ratings SET comment = '' WHERE tenant_id = current_tenant() AND order_id = ANY (erased);

    UPDATE incidents SET note = '', lat = round(lat::numeric, 2), lng = round(lng::numeric, 2)
    WHERE tenant_id = current_tenant() AND order_id = ANY (erased);

    RETURN QUERY SELECT unnest(erased);
END $$;
-- +goose StatementEnd
REVOKE ALL ON FUNCTION erase_customers(uuid[], timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION erase_customers(uuid[], timestamptz) TO paidan_app;
