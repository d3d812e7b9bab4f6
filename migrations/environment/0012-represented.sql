-- In whose name a company acts. A case belongs to a payer, and the providers that it names take part in it: whoever acts
-- for one of them may see it, for as long as they do.

-- The providers that a company is or represents, whole, as the control plane delivers them with the grant. Null: it says
-- nothing about providers, which a sandbox takes for "any" and production for "none".
alter table grants add column providers jsonb check (jsonb_typeof(providers) = 'array');

-- The NPIs that the calling company acts for now, parted by commas; '*' where it need not say for whom it acts.
create function current_providers() returns text[] language sql stable parallel safe
  as $$ select string_to_array(nullif(current_setting('app.providers', true), ''), ',') $$;
-- The payers whose cases this member of the staff may see, parted by commas; '*' for all. Absent and empty match nothing.
create function current_payers() returns text[] language sql stable parallel safe
  as $$ select string_to_array(nullif(current_setting('app.payers', true), ''), ',') $$;
revoke execute on function current_providers(), current_payers() from public;
grant execute on function current_providers(), current_payers()
  to {schema}_tenant, {schema}_staff, {schema}_worker, {schema}_client_lookup;

-- The sender's right to see what it sent stands on the provider that it sent it for.
alter table case_access add column npi text;

-- The providers that a case names. Those who act for one of them may see the case; nobody sees here but themselves.
create table case_parties (
  case_id text not null,
  npi text not null,
  received_from text not null,
  primary key (case_id, npi),
  foreign key (case_id, received_from) references authorizations (case_id, received_from)
);
insert into case_parties (case_id, npi, received_from)
  select distinct case_id, npi, received_from from participants where npi is not null and role <> 'represented';

alter table case_parties enable row level security;
alter table case_parties force row level security;
grant select on case_parties to {schema}_tenant, {schema}_staff, {schema}_worker;
grant insert on case_parties to {schema}_tenant;
create policy sender_adds on case_parties for insert to {schema}_tenant
  with check (received_from = current_organization());
create policy provider_reads_its_own on case_parties for select to {schema}_tenant
  using (npi = any(current_providers()));
create policy worker_reads on case_parties for select to {schema}_worker using (true);

drop policy organization_reads_its_own on case_access;
create policy organization_reads_its_own on case_access for select to {schema}_tenant
  using (organization_id = current_organization()
    and (npi is null or '*' = any(current_providers()) or npi = any(current_providers())));

do $$
declare
  name text;
begin
  -- What was said word for word stays between the payer and whoever said it.
  foreach name in array array['authorizations', 'participants', 'service_lines', 'events', 'case_lookups'] loop
    execute format('drop policy participant_reads on %I', name);
    execute format('create policy participant_reads on %1$I for select to {schema}_tenant using (
      exists (select from case_access
        where case_access.case_id = %1$I.case_id and case_access.organization_id = current_organization() offset 0)
      or exists (select from case_parties
        where case_parties.case_id = %1$I.case_id and case_parties.npi = any(current_providers()) offset 0))', name);
  end loop;
  foreach name in array array['authorizations', 'case_access', 'participants', 'service_lines', 'events', 'exchanges', 'case_lookups'] loop
    execute format('drop policy house_reads on %I', name);
    execute format('create policy worker_reads on %I for select to {schema}_worker using (true)', name);
  end loop;
  create policy staff_reads on authorizations for select to {schema}_staff
    using ('*' = any(current_payers()) or payer_id = any(current_payers()));
  foreach name in array array['case_access', 'case_parties', 'participants', 'service_lines', 'events', 'exchanges', 'case_lookups'] loop
    execute format('create policy staff_reads on %1$I for select to {schema}_staff using (
      exists (select from authorizations where authorizations.case_id = %1$I.case_id offset 0))', name);
  end loop;
end
$$;
