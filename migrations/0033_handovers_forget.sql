-- +goose Up

-- Where a handover would have led its taker: to customers' doors. Kept as long as that of an offer.
CREATE INDEX handovers_with_stops ON handovers (tenant_id, ended_at) WHERE ended_at IS NOT NULL AND stops <> '[]';

-- As before; and of the handovers that the orders were in, what people wrote and where exactly they met. An overtaken one's end_reason is a word of ours.
-- +goose StatementBegin
CREATE OR REPLACE FUNCTION erase_customers(want uuid[], now timestamptz) RETURNS SETOF uuid LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
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

    UPDATE handovers
    SET reason = CASE reason WHEN '' THEN '' ELSE 'erased' END, end_reason = CASE WHEN end_reason = '' OR state = 'overtaken' THEN end_reason ELSE 'erased' END,
        meet_lat = CASE WHEN ended_at IS NULL THEN meet_lat ELSE round(meet_lat::numeric, 2) END, -- the other orders of it may still be on their way there
        meet_lng = CASE WHEN ended_at IS NULL THEN meet_lng ELSE round(meet_lng::numeric, 2) END
    WHERE tenant_id = current_tenant() AND id IN (SELECT handover_id FROM handover_orders WHERE tenant_id = current_tenant() AND order_id = ANY (erased));

    RETURN QUERY SELECT unnest(erased);
END $$;
-- +goose StatementEnd
