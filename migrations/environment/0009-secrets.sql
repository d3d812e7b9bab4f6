-- Secrets as they come, are used and go; where a client may call from; what looked odd.

-- Chosen by whoever asked for it, so that the same asking makes one client.
alter table clients
  add column request_id text check (length(request_id) between 1 and 100),
  -- Addresses and CIDR ranges it may call from; none means any.
  add column allowed_addresses text[] not null default '{}';
create unique index clients_by_request on clients (organization_id, request_id) where request_id is not null;

alter table client_secrets
  add column request_id text check (length(request_id) between 1 and 100),
  -- When it was ended before its time, and why. expires_at says it too, and is what decides.
  add column revoked_at timestamptz,
  add column revoked_for text check (revoked_for in ('request', 'replaced', 'leak')),
  -- A network, never a whole address: /24 of IPv4, /48 of IPv6.
  add column last_used_from text,
  add column uses bigint not null default 0,
  add constraint a_revocation_has_a_reason check ((revoked_at is null) = (revoked_for is null));
create index client_secrets_by_hash on client_secrets (hash);
create index client_secrets_by_key on client_secrets (key_id, expires_at);

-- The networks that a secret was used from, the latest twenty of each secret.
create table secret_networks (
  secret_id text not null references client_secrets (secret_id),
  client_id text not null references clients (client_id),
  network text not null,
  first_seen_at timestamptz not null,
  last_seen_at timestamptz not null,
  primary key (secret_id, network)
);

create table access_alerts (
  id text primary key,
  kind text not null check (kind in ('unseen-network', 'many-networks', 'address-refused', 'leaked-secret')),
  client_id text not null references clients (client_id),
  secret_id text,
  organization_id text not null,
  network text,
  at timestamptz not null,
  acknowledged_at timestamptz
);
create index access_alerts_by_time on access_alerts (at);
create index access_alerts_by_client on access_alerts (client_id, kind, at);

alter table secret_networks enable row level security;
alter table secret_networks force row level security;
alter table access_alerts enable row level security;
alter table access_alerts force row level security;

grant update (last_used_from, uses) on client_secrets to {schema}_client_lookup;
grant select, insert, delete on secret_networks to {schema}_client_lookup;
grant update (last_seen_at) on secret_networks to {schema}_client_lookup;
create policy lookup_networks on secret_networks to {schema}_client_lookup
  using (client_id = current_client()) with check (client_id = current_client());
grant select, insert on access_alerts to {schema}_client_lookup;
create policy lookup_alerts on access_alerts to {schema}_client_lookup
  using (client_id = current_client()) with check (client_id = current_client());

-- Whoever reports a leak names no client: such a look-up names hashes, as 'hashes:' and hexadecimal digits parted by
-- commas, and sees the secrets that have them.
create function hashes_looked_for() returns bytea[] language sql stable parallel safe as $$
  select case when current_setting('app.client', true) like 'hashes:%'
    then array(select decode(part, 'hex') from unnest(string_to_array(substr(current_setting('app.client', true), 8), ',')) as part
      where part ~ '^[0-9a-f]{64}$')
    else '{}' end
$$;
revoke execute on function hashes_looked_for() from public;
grant execute on function hashes_looked_for() to {schema}_client_lookup;
create policy lookup_leaked on client_secrets for select to {schema}_client_lookup
  using (hash = any (hashes_looked_for()));

grant update (allowed_addresses) on clients to {schema}_staff;
grant select (request_id, revoked_at, revoked_for, last_used_from, uses) on client_secrets to {schema}_staff;
grant update (revoked_at, revoked_for) on client_secrets to {schema}_staff;
grant select, insert on access_alerts to {schema}_staff;
grant update (acknowledged_at) on access_alerts to {schema}_staff;
create policy staff_alerts on access_alerts to {schema}_staff using (true) with check (true);
-- No company, no worker: networks tell where a company's servers are, and are shown by the administration alone.
