-- The payer directory: which system each id of a payer is of, its plans, by which way each operation is answered, and
-- when it cannot be.
--
-- Everyone who can call may read it, as they may read the payers; staff and the platform's duties write.

-- An id without a row is one that senders use, of no system in particular.
create table payer_id_systems (
  wire_id text primary key references payer_wire_ids on delete cascade,
  system text not null check (system <> '')
);

create table payer_plans (
  payer_id text not null references payers,
  plan_id text not null check (plan_id <> ''),
  name text not null,
  -- Where it differs from the payer's own.
  line_of_business text,
  primary key (payer_id, plan_id)
);

-- An operation without a row is answered here.
create table payer_ways (
  payer_id text not null references payers,
  operation text not null check (operation in ('determination', 'inquiry', 'submission', 'notice')),
  way text not null check (way in ('local', 'x12', 'fhir', 'none')),
  primary key (payer_id, operation)
);

create table payer_outages (
  id text primary key,
  payer_id text not null references payers,
  -- Of every operation, where it names none.
  operation text check (operation in ('determination', 'inquiry', 'submission', 'notice')),
  from_at timestamptz not null,
  -- Not known yet, where it says nothing.
  until_at timestamptz check (until_at > from_at),
  -- For callers to read; names no person.
  note text not null,
  announced_at timestamptz not null
);
create index payer_outages_of on payer_outages (payer_id, from_at);

do $$
declare
  table_name text;
begin
  foreach table_name in array array['payer_id_systems', 'payer_plans', 'payer_ways', 'payer_outages'] loop
    execute format('alter table %I enable row level security', table_name);
    execute format('alter table %I force row level security', table_name);
    execute format('create policy company_reads on %I for select to {schema}_tenant using (current_organization() is not null)', table_name);
    execute format('create policy read on %I for select to {schema}_staff, {schema}_worker using (true)', table_name);
    execute format('create policy write on %I for insert to {schema}_staff, {schema}_worker with check (true)', table_name);
    execute format('grant select on %I to {schema}_tenant, {schema}_staff, {schema}_worker', table_name);
    execute format('grant insert on %I to {schema}_staff, {schema}_worker', table_name);
  end loop;
  -- An import puts what a payer has in place of what it had.
  foreach table_name in array array['payer_id_systems', 'payer_plans', 'payer_ways'] loop
    execute format('create policy drop on %I for delete to {schema}_staff, {schema}_worker using (true)', table_name);
    execute format('grant delete on %I to {schema}_staff, {schema}_worker', table_name);
  end loop;
end
$$;

-- The end of an outage is told when it is known.
create policy mend on payer_outages for update to {schema}_staff, {schema}_worker using (true) with check (true);
grant update on payer_outages to {schema}_staff, {schema}_worker;
