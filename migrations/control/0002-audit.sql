-- Who did what, when, on which id. Rows are only ever added: no role may change or remove one.
-- They commit with the fact that they tell of, and name people and companies by id alone.
create table audit_entries (
  id text primary key,
  at timestamptz not null,
  actor_kind text not null check (actor_kind in ('client', 'person', 'operator', 'anonymous', 'system')),
  -- The client, the person, or the part of the platform.
  actor_id text,
  -- Whose record this is: the company that acted, or that was acted upon.
  organization_id text,
  act text not null,
  on_id text,
  outcome text not null check (outcome in ('done', 'refused')),
  problem text,
  request_id text,
  detail jsonb check (jsonb_typeof(detail) = 'object')
);

-- Ids sort by the moment they were made, so this is also the order in time.
create index audit_entries_by_organization on audit_entries (organization_id, id);

alter table audit_entries enable row level security;
alter table audit_entries force row level security;

grant insert on audit_entries to {schema}_tenant, {schema}_staff, {schema}_worker, {schema}_client_lookup;
grant select on audit_entries to {schema}_tenant, {schema}_staff;

create policy tenant_adds_its_own on audit_entries for insert to {schema}_tenant
  with check (organization_id = current_organization());
create policy tenant_reads_its_own on audit_entries for select to {schema}_tenant
  using (organization_id = current_organization());
create policy house_adds on audit_entries for insert to {schema}_staff, {schema}_worker, {schema}_client_lookup
  with check (true);
create policy staff_reads on audit_entries for select to {schema}_staff using (true);
