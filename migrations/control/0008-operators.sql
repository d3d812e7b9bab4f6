-- The operator's own people: who has which role, in which environment, for which payers. A role is given and taken away by
-- whoever opens the operator's socket; a withdrawn one stays, so that it can be told who could see what, and when.
create table operator_roles (
  id text primary key,
  person_id text not null,
  role text not null check (role in ('partner-desk', 'engineer', 'auditor', 'intake', 'nurse', 'physician', 'appeals')),
  environment text not null check (environment in ('sandbox', 'production')),
  -- By the ids that the environment gave them. Null: all, also those to come.
  payers text[] check (cardinality(payers) > 0 and array_position(payers, null) is null),
  granted_at timestamptz not null,
  -- The person; null: the operator, at the machine's own command line.
  granted_by text,
  withdrawn_at timestamptz check (withdrawn_at >= granted_at),
  withdrawn_by text check (withdrawn_by is null or withdrawn_at is not null)
);
create unique index operator_roles_in_force on operator_roles (person_id, role, environment) where withdrawn_at is null;
create index on operator_roles (granted_at);

alter table operator_roles enable row level security;
alter table operator_roles force row level security;
create policy staff_reads on operator_roles for select to {schema}_staff using (true);
create policy staff_grants on operator_roles for insert to {schema}_staff with check (withdrawn_at is null);
-- What was withdrawn is history: nothing brings it back.
create policy staff_withdraws on operator_roles for update to {schema}_staff
  using (withdrawn_at is null) with check (withdrawn_at is not null);
-- Makes companies of people who have confirmed their address, and must know who may belong to none.
create policy worker_reads on operator_roles for select to {schema}_worker using (true);
grant select on operator_roles to {schema}_staff, {schema}_worker;
grant insert on operator_roles to {schema}_staff;
grant update (withdrawn_at, withdrawn_by) on operator_roles to {schema}_staff;

-- Somebody leaves their company.
grant delete on memberships to {schema}_staff;

-- Nobody acts for both sides. The two are asked under one lock, or two transactions at once could each see neither.
create function operators_belong_to_no_company() returns trigger language plpgsql as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('countersign.sides.' || new.person_id, 0));
  if tg_table_name = 'memberships' then
    if exists (select from operator_roles where person_id = new.person_id and withdrawn_at is null) then
      raise exception 'a person of the operator belongs to no company' using errcode = 'check_violation';
    end if;
  elsif exists (select from memberships where person_id = new.person_id) then
    raise exception 'a person of a company has no role at the operator' using errcode = 'check_violation';
  end if;
  return new;
end
$$;
revoke execute on function operators_belong_to_no_company() from public;
create trigger memberships_of_no_operator before insert or update of person_id on memberships
  for each row execute function operators_belong_to_no_company();
create trigger operator_roles_of_no_company before insert or update of person_id on operator_roles
  for each row execute function operators_belong_to_no_company();
