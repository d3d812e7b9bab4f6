-- How people prove who they are: in a schema and under a role of its own, so that nothing else in the control plane can
-- read a password's hash or a session, and the sign-in library can read nothing else.
do $$
begin
  -- As in the foundation: roles belong to the whole server, and becoming one is all that is wanted.
  perform pg_advisory_xact_lock(hashtextextended('countersign.roles', 0));
  if not exists (select from pg_roles where rolname = '{schema}_identity') then
    begin
      create role {schema}_identity nologin noinherit;
    exception when duplicate_object or unique_violation then
      null; -- another database of this server was faster
    end;
  end if;
  if current_setting('server_version_num')::int < 160000 then
    if not pg_has_role(current_user, '{schema}_identity', 'member') then
      grant {schema}_identity to current_user;
    end if;
  elsif not pg_has_role(current_user, '{schema}_identity', 'set') then
    execute 'grant {schema}_identity to current_user with inherit false, set true';
  end if;
end
$$;

create schema {schema}_identity;
grant usage on schema {schema}_identity to {schema}_identity;
-- For the audit record, which stands in the control schema: what a person did is written with what it changed.
grant usage on schema {schema} to {schema}_identity;
grant execute on function current_organization() to {schema}_identity;
grant insert on audit_entries to {schema}_identity;
create policy people_add on audit_entries for insert to {schema}_identity with check (true);

-- The four tables that better-auth works with (its models user, account, session and verification, core fields only).
create table {schema}_identity.people (
  id text primary key,
  email text not null unique check (email = lower(email)),
  email_verified boolean not null,
  name text not null,
  image text,
  created_at timestamptz not null,
  updated_at timestamptz not null
);

create table {schema}_identity.accounts (
  id text primary key,
  person_id text not null references {schema}_identity.people on delete cascade,
  provider_id text not null,
  account_id text not null,
  password text,
  access_token text,
  refresh_token text,
  id_token text,
  access_token_expires_at timestamptz,
  refresh_token_expires_at timestamptz,
  scope text,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  unique (provider_id, account_id)
);
create index on {schema}_identity.accounts (person_id);

create table {schema}_identity.sessions (
  id text primary key,
  person_id text not null references {schema}_identity.people on delete cascade,
  token text not null unique,
  expires_at timestamptz not null,
  ip_address text,
  user_agent text,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create index on {schema}_identity.sessions (person_id);

create table {schema}_identity.verifications (
  id text primary key,
  identifier text not null,
  value text not null,
  expires_at timestamptz not null,
  created_at timestamptz not null,
  updated_at timestamptz not null
);
create index on {schema}_identity.verifications (identifier);

-- Somebody asked for an account. They become a person, under the same id, once they have followed a link that was sent
-- to the address; until then anyone may have typed it, so several may be waiting for one address.
create table {schema}_identity.sign_ups (
  id text primary key,
  email text not null check (email = lower(email)),
  password text,
  company text not null,
  terms_version text not null,
  terms_accepted_at timestamptz not null,
  requested_at timestamptz not null,
  confirmed_at timestamptz,
  check (confirmed_at is not null or password is not null)
);
create index on {schema}_identity.sign_ups (email);
create index on {schema}_identity.sign_ups (requested_at) where confirmed_at is null;

create table {schema}_identity.links (
  token_hash bytea primary key,
  sign_up_id text not null references {schema}_identity.sign_ups on delete cascade,
  sent_at timestamptz not null,
  expires_at timestamptz not null
);
create index on {schema}_identity.links (sign_up_id);

-- How often something was tried within a window. Keys are hashes: no address stands here.
create table {schema}_identity.attempts (
  key bytea primary key,
  began_at timestamptz not null,
  count integer not null
);
create index on {schema}_identity.attempts (began_at);

do $$
declare
  table_name text;
begin
  foreach table_name in array array['people', 'accounts', 'sessions', 'verifications', 'sign_ups', 'links', 'attempts'] loop
    execute format('alter table {schema}_identity.%I enable row level security', table_name);
    execute format('alter table {schema}_identity.%I force row level security', table_name);
    execute format('create policy identity on {schema}_identity.%I to {schema}_identity using (true) with check (true)', table_name);
    execute format('grant select, insert, update, delete on {schema}_identity.%I to {schema}_identity', table_name);
  end loop;
end
$$;
