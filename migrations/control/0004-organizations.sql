-- The companies that call us, who belongs to them, what they may call. No secret is ever kept here.
create table organizations (
  id text primary key,
  name text not null check (length(name) between 1 and 200),
  type text not null check (type in ('provider', 'ehr', 'rcm', 'clearinghouse', 'payer')),
  -- The person whose confirmed sign-up founded it; null when the operator created it.
  founded_by text unique,
  created_at timestamptz not null
);
create index on organizations (lower(name));

create table memberships (
  organization_id text not null references organizations,
  person_id text not null,
  role text not null check (role in ('administrator', 'signatory', 'developer', 'billing', 'viewer')),
  since timestamptz not null,
  primary key (organization_id, person_id)
);
create index on memberships (person_id);

create table terms_acceptances (
  organization_id text not null references organizations,
  document text not null,
  version text not null,
  person_id text not null,
  accepted_at timestamptz not null,
  primary key (organization_id, document, version, person_id)
);

create table products (
  id text primary key,
  name text not null,
  summary text not null,
  scopes text[] not null,
  position integer not null
);

-- The operator may change them; so they are data from here on.
insert into products (id, name, summary, scopes, position) values
  ('determination', 'Determination', 'Whether a service needs prior authorization.', '{pa:determine}', 1),
  ('inquiry', 'Inquiry', 'How a request stands.', '{pa:inquire,pa:read}', 2),
  ('submission', 'Submission', 'Asking for prior authorization.', '{pa:submit,pa:read}', 3),
  ('notice-of-admission', 'Notice of Admission', 'Telling a payer of an admission.', '{pa:admit,pa:read}', 4);

-- What a company may do in an environment. A later version replaces the earlier ones. It holds at the gateway once the
-- gateway has acknowledged it.
create table grants (
  id text primary key,
  organization_id text not null references organizations,
  organization_name text not null,
  environment text not null check (environment in ('sandbox', 'production')),
  version integer not null check (version > 0),
  products text[] not null,
  scopes text[] not null,
  from_at timestamptz not null,
  until_at timestamptz check (until_at > from_at),
  issued_at timestamptz not null,
  state text not null default 'pending' check (state in ('pending', 'acknowledged')),
  acknowledged_at timestamptz,
  unique (organization_id, environment, version),
  check ((state = 'acknowledged') = (acknowledged_at is not null))
);
create index on grants (issued_at) where state = 'pending';

-- Which clients were made, and to whom their secret was shown. What a client is now, its gateway knows.
create table credentials (
  client_id text primary key,
  organization_id text not null references organizations,
  environment text not null check (environment in ('sandbox', 'production')),
  label text not null,
  scopes text[] not null,
  created_at timestamptz not null
);
create index on credentials (organization_id);

create table secret_views (
  client_id text not null references credentials,
  organization_id text not null references organizations,
  -- Null: the operator, at the machine's own command line.
  person_id text,
  seen_at timestamptz not null
);
create index on secret_views (client_id);
create index on secret_views (person_id);

do $$
declare
  table_name text;
begin
  foreach table_name in array array['memberships', 'terms_acceptances', 'grants', 'credentials', 'secret_views'] loop
    execute format('create policy tenant on %I to {schema}_tenant using (organization_id = current_organization()) with check (organization_id = current_organization())', table_name);
  end loop;
  create policy tenant on organizations to {schema}_tenant using (id = current_organization());
  create policy tenant on products to {schema}_tenant using (current_organization() is not null);
  foreach table_name in array array['organizations', 'memberships', 'terms_acceptances', 'products', 'grants', 'credentials', 'secret_views'] loop
    execute format('alter table %I enable row level security', table_name);
    execute format('alter table %I force row level security', table_name);
    execute format('create policy staff on %I to {schema}_staff using (true) with check (true)', table_name);
    execute format('create policy worker on %I to {schema}_worker using (true) with check (true)', table_name);
    execute format('grant select on %I to {schema}_tenant, {schema}_staff, {schema}_worker', table_name);
  end loop;
end
$$;

grant insert on organizations, memberships, terms_acceptances, grants, credentials, secret_views to {schema}_staff, {schema}_worker;
grant insert, update, delete on products to {schema}_staff, {schema}_worker;
grant update (state, acknowledged_at) on grants to {schema}_staff, {schema}_worker;
grant insert on credentials, secret_views to {schema}_tenant;
