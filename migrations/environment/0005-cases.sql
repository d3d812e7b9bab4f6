-- Prior authorization as kept. In clear are ids, states, payer, codes and moments; what names or describes a person is
-- sealed with the payer's data key (columns sealed_*), and looked up by a keyed hash.
--
-- Every table leads with case_id and its rows live with their case. case_lookups alone leads with its key: it is the one
-- way from a member or a number to the cases.

create table authorizations (
  case_id text primary key,
  payer_id text not null,
  received_from text not null,
  door text not null,
  state text not null,
  -- The action of the whole event, and who decided; absent before a decision.
  action text,
  decided_by text,
  purpose text not null,
  urgency text,
  member_hash bytea,
  -- The first and last day of care that the request names anywhere.
  care_from date,
  care_until date,
  authorization_number text,
  administrative_reference text,
  waiting_for text,
  received_at timestamptz not null,
  decided_at timestamptz,
  due_at timestamptz,
  last_sequence integer not null check (last_sequence >= 1),
  sealed_request bytea not null,
  sealed_outcome bytea,
  -- What the rows of a case point at, so that only the company that sent a request can add to it.
  unique (case_id, received_from),
  constraint a_machine_is_never_adverse check (
    decided_by is distinct from 'machine'
    or (action in ('certified', 'pended', 'contact-payer', 'no-action-required')
        and state not in ('modified', 'partially-approved', 'denied'))),
  constraint a_pended_case_has_a_due_moment check (state <> 'pended' or due_at is not null)
);

-- Which company may see a case. The right alone: it may be withdrawn, while participants tell what was.
create table case_access (
  organization_id text not null,
  case_id text not null,
  received_from text not null,
  primary key (organization_id, case_id),
  foreign key (case_id, received_from) references authorizations (case_id, received_from)
);

create table participants (
  case_id text not null,
  position smallint not null,
  role text not null check (role in ('requester', 'servicing', 'facility', 'represented')),
  npi text,
  organization_id text,
  received_from text not null,
  primary key (case_id, position),
  foreign key (case_id, received_from) references authorizations (case_id, received_from)
);

create table service_lines (
  case_id text not null,
  line smallint not null,
  procedure_system text,
  procedure_code text,
  procedure_until text,
  modifiers text[] not null,
  revenue_code text,
  service_type text,
  quantity_unit text,
  quantity numeric,
  care_from date,
  care_until date,
  action text,
  decided_by text,
  received_from text not null,
  primary key (case_id, line),
  foreign key (case_id, received_from) references authorizations (case_id, received_from),
  constraint a_machine_is_never_adverse check (
    decided_by is distinct from 'machine'
    or action in ('certified', 'pended', 'contact-payer', 'no-action-required'))
);

create table events (
  case_id text not null,
  sequence integer not null check (sequence >= 1),
  event_id text not null,
  type text not null,
  at timestamptz not null,
  actor_kind text not null,
  actor_id text,
  actor_organization_id text,
  facts jsonb not null check (jsonb_typeof(facts) = 'object'),
  sealed_detail bytea,
  -- Readers of the whole log stop below the oldest transaction that still runs.
  written_in xid8 not null default pg_current_xact_id(),
  received_from text not null,
  primary key (case_id, sequence),
  foreign key (case_id, received_from) references authorizations (case_id, received_from)
);

-- What was said, as it was said.
create table exchanges (
  case_id text not null,
  exchange_id text not null,
  direction text not null check (direction in ('inbound', 'outbound')),
  format text not null check (format in ('json', 'x12', 'fhir')),
  at timestamptz not null,
  sealed_body bytea not null,
  -- What was noted while reading it: notes quote the sender.
  sealed_notes bytea,
  received_from text not null,
  primary key (case_id, exchange_id),
  foreign key (case_id, received_from) references authorizations (case_id, received_from)
);

-- The keys are keyed hashes, so that kinds and payers cannot meet.
create table case_lookups (
  key bytea not null,
  case_id text not null,
  received_from text not null,
  primary key (key, case_id),
  foreign key (case_id, received_from) references authorizations (case_id, received_from)
);

do $$
declare
  name text;
begin
  foreach name in array array['authorizations', 'case_access', 'participants', 'service_lines', 'events', 'exchanges', 'case_lookups'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('grant select on %I to {schema}_staff, {schema}_worker', name);
    execute format('create policy house_reads on %I for select to {schema}_staff, {schema}_worker using (true)', name);
    execute format('grant insert on %I to {schema}_tenant', name);
    -- The foreign key holds received_from to that of the case, so this admits a company to the cases it sent alone.
    execute format('create policy sender_adds on %I for insert to {schema}_tenant with check (received_from = current_organization())', name);
    if name <> 'case_access' then
      -- "offset 0" keeps it a probe of the index for each row. Without it the planner may read all cases of the company
      -- into a hash table first, and keep that plan for another company that has a hundred thousand.
      execute format('create policy participant_reads on %1$I for select to {schema}_tenant using (exists (
        select from case_access
        where case_access.case_id = %1$I.case_id and case_access.organization_id = current_organization() offset 0))', name);
    end if;
  end loop;
end
$$;

-- Sealed bytes do not compress, so nobody should try; and most fit into the page of their row, which is cheaper than a
-- page elsewhere.
alter table authorizations alter sealed_request set storage external, alter sealed_outcome set storage external,
  set (toast_tuple_target = 8160);
alter table events alter sealed_detail set storage external;
alter table exchanges alter sealed_body set storage external, alter sealed_notes set storage external,
  set (toast_tuple_target = 8160);

create policy organization_reads_its_own on case_access for select to {schema}_tenant
  using (organization_id = current_organization());

grant select on authorizations, case_access, service_lines, events, exchanges, case_lookups to {schema}_tenant;
-- Which company acts for another party is not this one's business.
grant select (case_id, position, role, npi) on participants to {schema}_tenant;
