-- +goose Up

-- The application runs as paidan_app (internal/pg sets the role on each connection): not the owner of the tables and
-- without BYPASSRLS, so row-level security holds even where a query forgets its tenant.
-- +goose StatementBegin
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'paidan_app') THEN
        CREATE ROLE paidan_app NOLOGIN NOBYPASSRLS;
    END IF;
    EXECUTE format('GRANT paidan_app TO %I', current_user);
EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL; -- another database of this cluster is migrating at this moment
END $$;
-- +goose StatementEnd
GRANT USAGE ON SCHEMA public TO paidan_app;

-- The tenant of the current transaction; NULL (and so no row at all) when none is set.
CREATE FUNCTION current_tenant() RETURNS uuid LANGUAGE sql STABLE PARALLEL SAFE
AS $$ SELECT nullif(current_setting('paidan.tenant_id', true), '')::uuid $$;

CREATE TABLE system_secrets (
    name  text PRIMARY KEY,
    value bytea NOT NULL
);

CREATE TABLE tenants (
    id         uuid PRIMARY KEY,
    slug       text NOT NULL UNIQUE CHECK (slug ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
    name       text NOT NULL,
    timezone   text NOT NULL,
    created_at timestamptz NOT NULL
);

-- Staff ---------------------------------------------------------------------------------------------------------------

CREATE TABLE users (
    tenant_id     uuid NOT NULL REFERENCES tenants,
    id            uuid NOT NULL,
    email         text NOT NULL CHECK (email = lower(email)),
    name          text NOT NULL,
    role          text NOT NULL CHECK (role IN ('admin', 'dispatcher', 'viewer', 'finance')),
    password_hash text NOT NULL,
    disabled_at   timestamptz,
    created_at    timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, email)
);

CREATE TABLE sessions (
    tenant_id  uuid NOT NULL,
    token_hash bytea NOT NULL UNIQUE,
    user_id    uuid NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, token_hash),
    FOREIGN KEY (tenant_id, user_id) REFERENCES users ON DELETE CASCADE
);

-- Who sells, and where --------------------------------------------------------------------------------------------------

CREATE TABLE zones (
    tenant_id  uuid NOT NULL REFERENCES tenants,
    id         uuid NOT NULL,
    name       text NOT NULL,
    cells      bigint[] NOT NULL, -- H3 cells of resolution 8
    policy     jsonb NOT NULL,
    version    bigint NOT NULL DEFAULT 1,
    created_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, name)
);

CREATE TABLE merchants (
    tenant_id   uuid NOT NULL REFERENCES tenants,
    id          uuid NOT NULL,
    name        text NOT NULL,
    created_at  timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id)
);

CREATE TABLE api_keys (
    tenant_id    uuid NOT NULL,
    id           uuid NOT NULL,
    merchant_id  uuid NOT NULL,
    name         text NOT NULL,
    secret_hash  bytea NOT NULL UNIQUE, -- SHA-256: the secret has 256 random bits, so a slow hash adds nothing
    created_at   timestamptz NOT NULL,
    last_used_at timestamptz,
    revoked_at   timestamptz,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, merchant_id) REFERENCES merchants
);

CREATE TABLE stores (
    tenant_id   uuid NOT NULL,
    id          uuid NOT NULL,
    merchant_id uuid NOT NULL,
    zone_id     uuid NOT NULL,
    external_id text,
    name        text NOT NULL,
    address     text NOT NULL DEFAULT '',
    lat         double precision NOT NULL CHECK (lat BETWEEN -90 AND 90),
    lng         double precision NOT NULL CHECK (lng BETWEEN -180 AND 180),
    prep_p50_s  integer NOT NULL CHECK (prep_p50_s >= 0),
    prep_p90_s  integer NOT NULL CHECK (prep_p90_s >= prep_p50_s),
    handoff_p50_s integer NOT NULL CHECK (handoff_p50_s >= 0),
    handoff_p90_s integer NOT NULL CHECK (handoff_p90_s >= handoff_p50_s),
    created_at  timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, merchant_id, external_id),
    FOREIGN KEY (tenant_id, merchant_id) REFERENCES merchants,
    FOREIGN KEY (tenant_id, zone_id) REFERENCES zones
);

-- Riders ---------------------------------------------------------------------------------------------------------------

CREATE TABLE riders (
    tenant_id      uuid NOT NULL,
    id             uuid NOT NULL,
    zone_id        uuid NOT NULL,
    external_id    text,
    name           text NOT NULL,
    phone          text NOT NULL,
    vehicle        text NOT NULL CHECK (vehicle IN ('walking', 'bicycle', 'ebike', 'motorcycle', 'car')),
    capacity       integer NOT NULL CHECK (capacity BETWEEN 1 AND 1000), -- units of orders.load
    max_orders     integer NOT NULL CHECK (max_orders BETWEEN 1 AND 50),
    skills         text[] NOT NULL DEFAULT '{}',
    password_hash  text,  -- argon2id; NULL: the rider enrols by code only
    enrolment_hash bytea UNIQUE, -- SHA-256 of the one-time code that pairs a phone
    disabled_at    timestamptz,
    created_at     timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, id),
    UNIQUE (tenant_id, phone),
    FOREIGN KEY (tenant_id, zone_id) REFERENCES zones
);

CREATE TABLE rider_devices (
    tenant_id    uuid NOT NULL,
    refresh_hash bytea NOT NULL UNIQUE,
    rider_id     uuid NOT NULL,
    created_at   timestamptz NOT NULL,
    expires_at   timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, refresh_hash),
    FOREIGN KEY (tenant_id, rider_id) REFERENCES riders ON DELETE CASCADE
);

CREATE TABLE shifts (
    tenant_id  uuid NOT NULL,
    id         uuid NOT NULL,
    rider_id   uuid NOT NULL,
    zone_id    uuid NOT NULL,
    started_at timestamptz NOT NULL,
    ends_at    timestamptz NOT NULL CHECK (ends_at > started_at), -- planned
    ended_at   timestamptz,
    delivered  integer NOT NULL DEFAULT 0,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, rider_id) REFERENCES riders,
    FOREIGN KEY (tenant_id, zone_id) REFERENCES zones
);
CREATE UNIQUE INDEX shifts_one_open ON shifts (tenant_id, rider_id) WHERE ended_at IS NULL;
CREATE INDEX shifts_open_by_zone ON shifts (tenant_id, zone_id) WHERE ended_at IS NULL;

-- A rider's plan: the stops that remain, in order. Only riders with work have one.
CREATE TABLE plans (
    tenant_id  uuid NOT NULL,
    rider_id   uuid NOT NULL,
    zone_id    uuid NOT NULL,
    version    bigint NOT NULL,
    stops      jsonb NOT NULL, -- [{"order_id","kind":"pickup"|"dropoff","lat","lng","arrive_at","depart_at"}]
    updated_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, rider_id),
    FOREIGN KEY (tenant_id, rider_id) REFERENCES riders
) WITH (fillfactor = 70);
CREATE INDEX plans_by_zone ON plans (tenant_id, zone_id);

CREATE TABLE positions (
    tenant_id   uuid NOT NULL,
    rider_id    uuid NOT NULL,
    at          timestamptz NOT NULL, -- the phone's time
    received_at timestamptz NOT NULL,
    seq         bigint NOT NULL,
    lat         double precision NOT NULL,
    lng         double precision NOT NULL,
    accuracy_m  real NOT NULL,
    speed_mps   real,
    heading_deg real
) PARTITION BY RANGE (at);
CREATE INDEX positions_at ON positions USING brin (at);
CREATE TABLE positions_default PARTITION OF positions DEFAULT;

-- Partitions are made and dropped by their owner, whom the application can't become.
-- +goose StatementBegin
CREATE FUNCTION create_position_partition(day date) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
BEGIN
    EXECUTE format('CREATE TABLE IF NOT EXISTS %I PARTITION OF positions FOR VALUES FROM (%L) TO (%L)',
        'positions_' || to_char(day, 'YYYYMMDD'), day::timestamp AT TIME ZONE 'UTC', (day + 1)::timestamp AT TIME ZONE 'UTC');
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', 'positions_' || to_char(day, 'YYYYMMDD'));
END $$;
CREATE FUNCTION drop_position_partitions(before date) RETURNS integer LANGUAGE plpgsql SECURITY DEFINER SET search_path = public AS $$
DECLARE part text; dropped integer := 0;
BEGIN
    FOR part IN SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
        WHERE i.inhparent = 'positions'::regclass AND c.relname ~ '^positions_\d{8}$'
          AND to_date(right(c.relname, 8), 'YYYYMMDD') < before
    LOOP
        EXECUTE format('DROP TABLE %I', part);
        dropped := dropped + 1;
    END LOOP;
    RETURN dropped;
END $$;
-- +goose StatementEnd

-- Orders ---------------------------------------------------------------------------------------------------------------

CREATE TABLE orders (
    tenant_id      uuid NOT NULL,
    id             uuid NOT NULL,
    merchant_id    uuid NOT NULL,
    store_id       uuid NOT NULL,
    zone_id        uuid NOT NULL,
    external_id    text,
    state          text NOT NULL CHECK (state IN ('scheduled', 'pending', 'offered', 'assigned', 'at_store', 'picked_up',
                                                  'at_door', 'delivered', 'returning', 'returned', 'cancelled')),
    version        bigint NOT NULL,
    rider_id       uuid,
    offer_id       uuid,

    pickup_lat     double precision NOT NULL,
    pickup_lng     double precision NOT NULL,
    dropoff_lat    double precision NOT NULL,
    dropoff_lng    double precision NOT NULL,
    dropoff        jsonb NOT NULL, -- address, contact, instructions
    load           integer NOT NULL CHECK (load > 0),
    skills         text[] NOT NULL DEFAULT '{}',
    vehicles       text[] NOT NULL DEFAULT '{}', -- empty: all
    items          jsonb NOT NULL DEFAULT '[]',
    value_minor    bigint NOT NULL DEFAULT 0,
    currency       text NOT NULL DEFAULT '',

    placed_at      timestamptz NOT NULL,
    due_at         timestamptz NOT NULL, -- when dispatch may begin; later than placed_at for a scheduled order
    promise_at     timestamptz NOT NULL,
    accepted_at    timestamptz,          -- by the kitchen
    ready_estimate timestamptz NOT NULL,
    ready_at       timestamptz,
    assigned_at    timestamptz,
    at_store_at    timestamptz,
    picked_up_at   timestamptz,
    at_door_at     timestamptz,
    ended_at       timestamptz,          -- delivered, returned or cancelled
    declines       integer NOT NULL DEFAULT 0,
    refused_by     uuid[] NOT NULL DEFAULT '{}', -- riders who declined it
    cancel_fault   text,
    cancel_reason  text,
    updated_at     timestamptz NOT NULL,

    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, store_id) REFERENCES stores,
    FOREIGN KEY (tenant_id, zone_id) REFERENCES zones,
    UNIQUE (tenant_id, merchant_id, external_id),

    CONSTRAINT orders_rider CHECK ((rider_id IS NOT NULL) = (state IN ('assigned', 'at_store', 'picked_up', 'at_door', 'returning'))
                                   OR state IN ('delivered', 'returned')),
    CONSTRAINT orders_offer CHECK ((offer_id IS NOT NULL) = (state = 'offered')),
    CONSTRAINT orders_ended CHECK ((ended_at IS NOT NULL) = (state IN ('delivered', 'returned', 'cancelled'))),
    CONSTRAINT orders_cancel CHECK ((cancel_reason IS NOT NULL) = (state = 'cancelled')
                                    AND (cancel_fault IS NOT NULL) = (state = 'cancelled'))
) WITH (fillfactor = 80);
CREATE INDEX orders_open ON orders (tenant_id, zone_id) WHERE ended_at IS NULL;
CREATE INDEX orders_of_rider ON orders (tenant_id, rider_id) WHERE ended_at IS NULL AND rider_id IS NOT NULL;
CREATE INDEX orders_ended ON orders (tenant_id, zone_id, ended_at) WHERE ended_at IS NOT NULL; -- the console's last hour
CREATE INDEX orders_by_merchant ON orders (tenant_id, merchant_id, id);

-- What happened to an order, in order of version. Also the public feed.
CREATE TABLE order_events (
    tenant_id   uuid NOT NULL,
    order_id    uuid NOT NULL,
    version     bigint NOT NULL,
    type        text NOT NULL,
    state       text NOT NULL, -- after the event
    at          timestamptz NOT NULL, -- the server's time
    client_at   timestamptz,          -- the actor's time, where it told one
    actor_kind  text NOT NULL CHECK (actor_kind IN ('merchant', 'customer', 'rider', 'dispatcher', 'engine', 'system')),
    actor_id    uuid,
    action_id   uuid, -- made by the client; the same action twice is one
    data        jsonb NOT NULL DEFAULT '{}',
    txid        xid8 NOT NULL DEFAULT pg_current_xact_id(), -- for a cursor that can't skip a late commit
    PRIMARY KEY (tenant_id, order_id, version),
    FOREIGN KEY (tenant_id, order_id) REFERENCES orders
);
CREATE UNIQUE INDEX order_events_action ON order_events (tenant_id, order_id, action_id) WHERE action_id IS NOT NULL;

-- Offers ---------------------------------------------------------------------------------------------------------------

CREATE TABLE offers (
    tenant_id   uuid NOT NULL,
    id          uuid NOT NULL,
    rider_id    uuid NOT NULL,
    zone_id     uuid NOT NULL,
    round_id    uuid NOT NULL,
    state       text NOT NULL CHECK (state IN ('open', 'accepted', 'declined', 'expired', 'withdrawn')),
    order_ids   uuid[] NOT NULL,
    stops       jsonb NOT NULL, -- the rider's whole plan if accepted
    made_at     timestamptz NOT NULL,
    expires_at  timestamptz NOT NULL,
    seen_at     timestamptz,
    answered_at timestamptz,
    reason      text,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, rider_id) REFERENCES riders,
    CONSTRAINT offers_answered CHECK ((answered_at IS NOT NULL) = (state <> 'open'))
);
CREATE UNIQUE INDEX offers_one_open_per_rider ON offers (tenant_id, rider_id) WHERE state = 'open';
CREATE INDEX offers_open_by_zone ON offers (tenant_id, zone_id, expires_at) WHERE state = 'open';

-- One open offer per order, as an index.
CREATE TABLE offer_orders (
    tenant_id uuid NOT NULL,
    offer_id  uuid NOT NULL,
    order_id  uuid NOT NULL,
    open      boolean NOT NULL,
    PRIMARY KEY (tenant_id, offer_id, order_id),
    FOREIGN KEY (tenant_id, offer_id) REFERENCES offers,
    FOREIGN KEY (tenant_id, order_id) REFERENCES orders
);
CREATE UNIQUE INDEX offer_orders_one_open ON offer_orders (tenant_id, order_id) WHERE open;

-- Dispatch -------------------------------------------------------------------------------------------------------------

CREATE TABLE leases (
    tenant_id  uuid NOT NULL,
    name       text NOT NULL,
    owner      text NOT NULL,
    term       bigint NOT NULL,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, name)
) WITH (fillfactor = 50);

CREATE TABLE rounds (
    tenant_id  uuid NOT NULL,
    id         uuid NOT NULL,
    zone_id    uuid NOT NULL,
    term       bigint NOT NULL,
    owner      text NOT NULL,
    at         timestamptz NOT NULL, -- the snapshot's time
    orders     integer NOT NULL,
    riders     integer NOT NULL,
    offered    integer NOT NULL,
    assigned   integer NOT NULL,
    held       integer NOT NULL,
    unassigned integer NOT NULL,
    lost       integer NOT NULL, -- decisions that lost a race
    cost       double precision NOT NULL,
    took_us    bigint NOT NULL,  -- wall time of the round
    PRIMARY KEY (tenant_id, id)
);
CREATE INDEX rounds_by_zone ON rounds (tenant_id, zone_id, at DESC);

-- Why: one row per decision, and one per order and reason of waiting (last_at moves while the reason lasts).
CREATE TABLE decisions (
    tenant_id uuid NOT NULL,
    order_id  uuid NOT NULL,
    first_at  timestamptz NOT NULL,
    last_at   timestamptz NOT NULL,
    round_id  uuid NOT NULL,
    kind      text NOT NULL CHECK (kind IN ('offered', 'assigned', 'held', 'waiting')),
    rider_id  uuid,
    reason    text NOT NULL DEFAULT '',
    detail    jsonb NOT NULL DEFAULT '{}', -- cost terms of the chosen rider, the runners-up
    PRIMARY KEY (tenant_id, order_id, first_at)
);

-- The edge -------------------------------------------------------------------------------------------------------------

CREATE TABLE idempotency_keys (
    tenant_id   uuid NOT NULL,
    merchant_id uuid NOT NULL,
    key         text NOT NULL,
    body_hash   bytea NOT NULL,
    order_id    uuid NOT NULL,
    created_at  timestamptz NOT NULL,
    PRIMARY KEY (tenant_id, merchant_id, key)
);
CREATE INDEX idempotency_keys_age ON idempotency_keys (created_at);

-- Row-level security on every table with a tenant. The scalar sub-select is evaluated once a statement, not once a row.
-- ------------------------------------------------------------------------
-- +goose StatementBegin
DO $$
DECLARE t text;
BEGIN
    FOR t IN SELECT c.table_name FROM information_schema.columns c JOIN pg_class k ON k.relname = c.table_name AND k.relkind IN ('r', 'p')
        WHERE c.table_schema = 'public' AND c.column_name = 'tenant_id' AND k.relnamespace = 'public'::regnamespace
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t);
        EXECUTE format('CREATE POLICY tenant ON %I USING (tenant_id = (SELECT current_tenant())) WITH CHECK (tenant_id = (SELECT current_tenant()))', t);
        EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO paidan_app', t);
    END LOOP;
END $$;
-- +goose StatementEnd
ALTER TABLE tenants ENABLE ROW LEVEL SECURITY;
CREATE POLICY tenant ON tenants USING (id = (SELECT current_tenant()));
GRANT SELECT ON tenants TO paidan_app;
REVOKE UPDATE, DELETE ON order_events FROM paidan_app; -- history is append-only

-- Doors in the wall: the few questions that must be asked before the tenant is known. They run as the owner and answer
-- only what is needed to go on.
CREATE FUNCTION tenant_by_slug(want text) RETURNS uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
AS $$ SELECT id FROM tenants WHERE slug = want $$;

CREATE FUNCTION api_key_owner(want bytea) RETURNS TABLE (tenant_id uuid, key_id uuid, merchant_id uuid)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
AS $$ SELECT tenant_id, id, merchant_id FROM api_keys WHERE secret_hash = want AND revoked_at IS NULL $$;

CREATE FUNCTION session_tenant(want bytea) RETURNS uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
AS $$ SELECT tenant_id FROM sessions WHERE token_hash = want $$;

CREATE FUNCTION device_tenant(want bytea) RETURNS uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
AS $$ SELECT tenant_id FROM rider_devices WHERE refresh_hash = want $$;

CREATE FUNCTION enrolment_tenant(want bytea) RETURNS uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
AS $$ SELECT tenant_id FROM riders WHERE enrolment_hash = want $$;

CREATE FUNCTION all_zones() RETURNS TABLE (tenant_id uuid, zone_id uuid) LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
AS $$ SELECT tenant_id, id FROM zones $$;

CREATE FUNCTION all_tenants() RETURNS SETOF uuid LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public
AS $$ SELECT id FROM tenants $$;

CREATE FUNCTION create_tenant(new_id uuid, new_slug text, new_name text, new_timezone text, at timestamptz) RETURNS void
LANGUAGE sql SECURITY DEFINER SET search_path = public
AS $$ INSERT INTO tenants (id, slug, name, timezone, created_at) VALUES (new_id, new_slug, new_name, new_timezone, at) $$;
-- +goose StatementBegin
DO $$
DECLARE f text;
BEGIN
    FOR f IN SELECT p.oid::regprocedure::text FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace AND p.prosecdef
    LOOP
        EXECUTE format('REVOKE ALL ON FUNCTION %s FROM PUBLIC', f);
        EXECUTE format('GRANT EXECUTE ON FUNCTION %s TO paidan_app', f);
    END LOOP;
END $$;
-- +goose StatementEnd
