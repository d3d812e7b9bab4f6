-- What the sandbox is made to answer to a company. Production has the tables, as both have the same, and writes nothing here.

create table organization_scenarios (
  organization_id text primary key,
  scenario text not null check (scenario in ('approve', 'deny', 'pend', 'modify', 'cancel', 'reject-member', 'timeout')),
  set_at timestamptz not null
);

alter table organization_scenarios enable row level security;
alter table organization_scenarios force row level security;

grant select on organization_scenarios to {schema}_tenant;
create policy organization_reads_its_own on organization_scenarios for select to {schema}_tenant
  using (organization_id = current_organization());

grant select, insert, update, delete on organization_scenarios to {schema}_staff;
create policy staff_sets on organization_scenarios to {schema}_staff using (true) with check (true);

-- How far the business clock of a company runs ahead of the real one. Timers alone are read against it; what happens is
-- dated with the real one.
create table organization_clocks (
  organization_id text primary key,
  ahead_ms bigint not null check (ahead_ms >= 0),
  set_at timestamptz not null
);

alter table organization_clocks enable row level security;
alter table organization_clocks force row level security;

grant select on organization_clocks to {schema}_tenant, {schema}_worker;
create policy organization_reads_its_own on organization_clocks for select to {schema}_tenant
  using (organization_id = current_organization());
create policy worker_reads on organization_clocks for select to {schema}_worker using (true);

grant select, insert, update on organization_clocks to {schema}_staff;
create policy staff_sets on organization_clocks to {schema}_staff using (true) with check (true);

-- Cases that are to be certified when the clock of their company has come to the moment.
create table simulated_settlements (
  case_id text primary key,
  received_from text not null,
  due_at timestamptz not null,
  -- The case that gives way once this one is certified, where it follows one.
  follows text,
  foreign key (case_id, received_from) references authorizations (case_id, received_from)
);
create index simulated_settlements_by_company on simulated_settlements (received_from, due_at);

alter table simulated_settlements enable row level security;
alter table simulated_settlements force row level security;

grant insert on simulated_settlements to {schema}_tenant;
-- What the worker may write to is what has a row here: nobody names a case that they could not change themselves.
create policy sender_schedules on simulated_settlements for insert to {schema}_tenant
  with check (received_from = current_organization() and (follows is null or may_amend(follows)));

-- The worker decides those cases and has those that they follow give way, and no other: it may write to what has a row here. Updates of due_at are for locking.
grant select, delete, update (due_at) on simulated_settlements to {schema}_worker;
create policy worker_settles on simulated_settlements to {schema}_worker using (true);

grant update (state, action, decided_by, decided_at, authorization_number, waiting_for, due_at, last_sequence, sealed_outcome)
  on authorizations to {schema}_worker;
grant update (action, decided_by) on service_lines to {schema}_worker;
grant insert on events, case_lookups, exchanges to {schema}_worker;
do $$
declare
  name text;
  scheduled text;
begin
  foreach name in array array['authorizations', 'service_lines', 'events', 'case_lookups', 'exchanges'] loop
    scheduled := format('exists (select from simulated_settlements s where %I.case_id in (s.case_id, s.follows))', name);
    if name in ('authorizations', 'service_lines') then
      execute format('create policy worker_settles on %I for update to {schema}_worker using (%s) with check (%2$s)', name, scheduled);
    else
      execute format('create policy worker_settles on %I for insert to {schema}_worker with check (%s)', name, scheduled);
    end if;
  end loop;
end
$$;
