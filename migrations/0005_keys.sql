-- +goose Up

ALTER TABLE api_keys ADD COLUMN scopes text NOT NULL DEFAULT '', -- words with a space between, as in OAuth; empty: all
                     ADD COLUMN rotated_at timestamptz,
                     ADD COLUMN previous_hash bytea UNIQUE,          -- of the secret that the last rotation replaced
                     ADD COLUMN previous_until timestamptz,          -- so long it works beside the new one
                     ADD CONSTRAINT api_keys_previous CHECK ((previous_hash IS NULL) = (previous_until IS NULL));

DROP FUNCTION api_key_owner(bytea);
-- +goose StatementBegin
CREATE FUNCTION api_key_holder(want bytea, at timestamptz)
RETURNS TABLE (tenant_id uuid, key_id uuid, merchant_id uuid, scopes text, until timestamptz)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public AS $$
    SELECT k.tenant_id, k.id, k.merchant_id, k.scopes, NULL::timestamptz FROM api_keys k
    WHERE k.secret_hash = want AND k.revoked_at IS NULL
    UNION ALL
    SELECT k.tenant_id, k.id, k.merchant_id, k.scopes, k.previous_until FROM api_keys k
    WHERE k.previous_hash = want AND k.previous_until > at AND k.revoked_at IS NULL
$$;
-- +goose StatementEnd
REVOKE ALL ON FUNCTION api_key_holder(bytea, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION api_key_holder(bytea, timestamptz) TO paidan_app;
