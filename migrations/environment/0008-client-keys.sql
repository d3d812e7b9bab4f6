-- Clients that prove themselves by key pair. Only public halves are here; each assertion is good once.

-- A client's own keys, uploaded, or the one address where it publishes them.
create table client_key_sets (
  client_id text primary key references clients (client_id),
  jwks jsonb,
  jwks_uri text check (jwks_uri like 'https://%'),
  updated_at timestamptz not null,
  last_used_at timestamptz,
  -- Which key was used then; the client's own name for it, and null when it has none.
  last_used_kid text,
  check ((jwks is null) <> (jwks_uri is null))
);

-- The assertions that were accepted, until none of them could be any more. The key is what makes them good once, on
-- whichever node they arrive. No reference to clients: it would lock the client's row for each token.
create table spent_assertions (
  client_id text not null,
  -- SHA-256 of the `jti`, which is the client's choice and may be anything.
  jti_hash bytea not null check (length(jti_hash) = 32),
  expires_at timestamptz not null,
  primary key (client_id, jti_hash)
);
create index spent_assertions_by_expiry on spent_assertions (expires_at);

alter table client_key_sets enable row level security;
alter table client_key_sets force row level security;
alter table spent_assertions enable row level security;
alter table spent_assertions force row level security;

-- The token endpoint, before it knows who calls: the one client that was named.
grant select on client_key_sets to {schema}_client_lookup;
grant update (last_used_at, last_used_kid) on client_key_sets to {schema}_client_lookup;
grant insert on spent_assertions to {schema}_client_lookup;
create policy lookup_keys on client_key_sets for select to {schema}_client_lookup
  using (client_id = current_client());
create policy lookup_key_use on client_key_sets for update to {schema}_client_lookup
  using (client_id = current_client());
create policy lookup_spends on spent_assertions for insert to {schema}_client_lookup
  with check (client_id = current_client());

-- The administration registers keys and shows them.
grant select, insert on client_key_sets to {schema}_staff;
grant update (jwks, jwks_uri, updated_at) on client_key_sets to {schema}_staff;
create policy staff_keys on client_key_sets to {schema}_staff using (true) with check (true);

grant select, delete on spent_assertions to {schema}_worker;
create policy worker_prunes on spent_assertions to {schema}_worker using (true);
