-- Who may call this environment, and with what they prove it. Nobody but a client's own look-up reads the hash of a
-- secret, and nobody at all reads a secret: it is not here.

-- What a company may do. The control plane decides it and delivers it whole, so one row holds the newest version.
create table grants (
  organization_id text primary key,
  grant_id text not null,
  organization_name text not null,
  version integer not null check (version > 0),
  products text[] not null,
  scopes text[] not null,
  valid_from timestamptz not null,
  valid_until timestamptz,
  applied_at timestamptz not null,
  changed_in xid8 not null default pg_current_xact_id()
);

create table clients (
  client_id text primary key,
  organization_id text not null references grants (organization_id),
  label text not null,
  scopes text[] not null,
  -- Part of every token. Raising it ends all tokens issued before.
  epoch integer not null default 1 check (epoch > 0),
  created_at timestamptz not null,
  disabled_at timestamptz,
  changed_in xid8 not null default pg_current_xact_id()
);
create index clients_by_organization on clients (organization_id);

create table client_secrets (
  secret_id text primary key,
  client_id text not null references clients (client_id),
  -- HMAC-SHA-256 under a key that is kept outside the database; key_id tells which.
  hash bytea not null check (length(hash) = 32),
  key_id text not null,
  -- The last characters of the secret's checksum, so that people can tell two secrets apart.
  hint text not null,
  created_at timestamptz not null,
  expires_at timestamptz,
  last_used_at timestamptz
);
create index client_secrets_by_client on client_secrets (client_id);

create table signing_keys (
  kid text primary key,
  alg text not null check (alg = 'ES256'),
  public_jwk jsonb not null,
  private_key_sealed bytea not null,
  created_at timestamptz not null,
  retire_at timestamptz
);

-- Each row carries the transaction that last wrote it, so that a node which polls can ask for everything that was not
-- yet visible to it the last time, whatever the order in which transactions commit.
create index grants_by_change on grants (changed_in);
create index clients_by_change on clients (changed_in);

create function note_change() returns trigger language plpgsql as $$
begin
  new.changed_in := pg_current_xact_id();
  return new;
end
$$;
create trigger grants_note_change before insert or update on grants
  for each row execute function note_change();
create trigger clients_note_change before insert or update on clients
  for each row execute function note_change();

alter table grants enable row level security;
alter table grants force row level security;
alter table clients enable row level security;
alter table clients force row level security;
alter table client_secrets enable row level security;
alter table client_secrets force row level security;
alter table signing_keys enable row level security;
alter table signing_keys force row level security;

-- The token endpoint, before it knows who calls: the one client that was named.
grant select on clients, client_secrets, grants to {schema}_client_lookup;
grant update (last_used_at) on client_secrets to {schema}_client_lookup;
create policy lookup_client on clients for select to {schema}_client_lookup
  using (client_id = current_client());
create policy lookup_secrets on client_secrets for select to {schema}_client_lookup
  using (client_id = current_client());
create policy lookup_secret_use on client_secrets for update to {schema}_client_lookup
  using (client_id = current_client());
create policy lookup_grant on grants for select to {schema}_client_lookup
  using (organization_id in (select c.organization_id from clients c where c.client_id = current_client()));

-- A company: its own clients and grant, and no secret.
grant select on clients, grants to {schema}_tenant;
create policy tenant_clients on clients for select to {schema}_tenant
  using (organization_id = current_organization());
create policy tenant_grant on grants for select to {schema}_tenant
  using (organization_id = current_organization());

-- The administration: makes and changes, reads no hash, deletes nothing.
grant select, insert, update on grants to {schema}_staff;
grant select, insert on clients to {schema}_staff;
grant update (label, scopes, epoch, disabled_at) on clients to {schema}_staff;
grant insert on client_secrets to {schema}_staff;
grant select (secret_id, client_id, key_id, hint, created_at, expires_at, last_used_at) on client_secrets to {schema}_staff;
grant update (expires_at) on client_secrets to {schema}_staff;
create policy staff_grants on grants to {schema}_staff using (true) with check (true);
create policy staff_clients on clients to {schema}_staff using (true) with check (true);
create policy staff_secrets on client_secrets to {schema}_staff using (true) with check (true);

-- The platform's own duties: signing keys, and every client's standing as each node keeps it in memory.
grant select, insert, update on signing_keys to {schema}_worker;
grant select on clients, grants to {schema}_worker;
create policy worker_keys on signing_keys to {schema}_worker using (true) with check (true);
create policy worker_clients on clients for select to {schema}_worker using (true);
create policy worker_grants on grants for select to {schema}_worker using (true);
