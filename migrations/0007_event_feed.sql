-- +goose Up

-- The feed of a merchant's events, in an order that never skips one that commits late (order/feed.go says why it holds).
-- The writer names txid: at least its own transaction, and never less than that of the order's event before.
ALTER TABLE order_events ADD COLUMN merchant_id uuid;
UPDATE order_events e SET merchant_id = h.merchant_id, txid = h.txid
FROM (
    SELECT x.tenant_id, x.order_id, x.version, o.merchant_id, max(x.txid) OVER (PARTITION BY x.tenant_id, x.order_id ORDER BY x.version) AS txid
    FROM order_events x JOIN orders o ON o.tenant_id = x.tenant_id AND o.id = x.order_id
) h
WHERE e.tenant_id = h.tenant_id AND e.order_id = h.order_id AND e.version = h.version;
ALTER TABLE order_events ALTER COLUMN merchant_id SET NOT NULL, ALTER COLUMN txid DROP DEFAULT;
CREATE INDEX order_events_feed ON order_events (tenant_id, merchant_id, txid, order_id, version);
