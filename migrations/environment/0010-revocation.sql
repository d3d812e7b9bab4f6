-- Tokens that were ended before their time, until the time at which they would have ended by themselves. Nodes keep them in
-- memory and learn of new ones as they learn of clients and grants: by the transaction that wrote the row.
create table revoked_tokens (
  -- The token's jti; the token itself is nowhere.
  token_id text primary key,
  client_id text not null references clients (client_id),
  organization_id text not null,
  expires_at timestamptz not null,
  revoked_at timestamptz not null,
  changed_in xid8 not null default pg_current_xact_id()
);
create index revoked_tokens_by_change on revoked_tokens (changed_in);
create index revoked_tokens_by_expiry on revoked_tokens (expires_at);
create trigger revoked_tokens_note_change before insert or update on revoked_tokens
  for each row execute function note_change();

alter table revoked_tokens enable row level security;
alter table revoked_tokens force row level security;

-- A client that proved itself ends tokens of its own. It reads none: `on conflict do nothing` without a target needs no
-- right to.
grant insert on revoked_tokens to {schema}_client_lookup;
create policy client_ends_its_own on revoked_tokens for insert to {schema}_client_lookup
  with check (client_id = current_client());

-- Every node reads all of them; the upkeep removes those that have ended.
grant select, delete on revoked_tokens to {schema}_worker;
create policy worker_revoked_tokens on revoked_tokens to {schema}_worker using (true);
