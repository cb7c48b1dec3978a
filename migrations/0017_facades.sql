-- +goose Up

-- DoorDash's clients accept a quote by their own id alone: what they asked for is kept with it.
ALTER TABLE quotes ADD COLUMN external_id text, ADD COLUMN wanted jsonb;
CREATE INDEX quotes_by_external_id ON quotes (tenant_id, merchant_id, external_id, created_at DESC) WHERE external_id IS NOT NULL;

-- Who works on the command line is an actor too.
ALTER TABLE audit_log DROP CONSTRAINT audit_log_actor_kind_check,
    ADD CONSTRAINT audit_log_actor_kind_check CHECK (actor_kind IN ('staff', 'merchant', 'rider', 'operator', 'nobody'));
