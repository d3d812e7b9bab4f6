-- Which secret of a client somebody saw, and what was asked of a gateway and not yet kept here.
alter table secret_views add column secret_id text;

-- Written before a gateway is asked for a client, and done once the client is in credentials: asking again with the id of
-- one that failed between makes no second client.
create table credential_requests (
  id text primary key,
  organization_id text not null references organizations,
  environment text not null check (environment in ('sandbox', 'production')),
  label text not null,
  -- Null: the operator.
  person_id text,
  asked_at timestamptz not null,
  failed_at timestamptz,
  done_at timestamptz
);
create index credential_requests_open on credential_requests (organization_id, environment) where done_at is null;

alter table credential_requests enable row level security;
alter table credential_requests force row level security;
create policy tenant on credential_requests to {schema}_tenant
  using (organization_id = current_organization()) with check (organization_id = current_organization());
create policy staff on credential_requests to {schema}_staff using (true) with check (true);
create policy worker on credential_requests to {schema}_worker using (true) with check (true);
grant select, insert on credential_requests to {schema}_tenant, {schema}_staff, {schema}_worker;
grant update (failed_at, done_at) on credential_requests to {schema}_tenant, {schema}_staff, {schema}_worker;
