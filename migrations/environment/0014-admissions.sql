-- Notices of admission as kept. In clear are ids, states, payer, days and moments; what names or describes a person is
-- sealed with the payer's data key (columns sealed_*), and looked up by a keyed hash. Who sees one follows the rules of a
-- case (0012): its sender, while that company acts for the provider it sent for, and whoever acts for a provider it names.

-- How long a payer gives a sender to tell of an admission.
alter table payers add column admission_notice_hours integer not null default 72 check (admission_notice_hours > 0);

create table admissions (
  admission_id text primary key,
  payer_id text not null,
  received_from text not null,
  door text not null,
  state text not null check (state in ('received', 'matched', 'unmatched', 'cancelled')),
  kind text not null check (kind in ('admission', 'observation', 'transfer', 'discharge')),
  is_late boolean not null,
  reference_number text not null,
  -- The authorization for the same stay.
  case_id text,
  admitted_on date,
  discharged_on date,
  received_at timestamptz not null,
  last_sequence integer not null check (last_sequence >= 1),
  sealed_notice bytea not null,
  -- What the rows of an admission point at, so that only the company that sent it can add to it.
  unique (admission_id, received_from),
  unique (payer_id, reference_number),
  constraint a_matched_admission_has_its_case check ((state = 'matched') = (case_id is not null)),
  constraint nobody_leaves_before_they_come check (discharged_on >= admitted_on)
);

-- Which company may see an admission, for as long as it acts for the provider named.
create table admission_access (
  organization_id text not null,
  admission_id text not null,
  received_from text not null,
  npi text,
  primary key (organization_id, admission_id),
  foreign key (admission_id, received_from) references admissions (admission_id, received_from)
);

-- The providers that a notice names. Those who act for one of them may see it; nobody sees here but themselves.
create table admission_parties (
  admission_id text not null,
  npi text not null,
  received_from text not null,
  primary key (admission_id, npi),
  foreign key (admission_id, received_from) references admissions (admission_id, received_from)
);

create table admission_events (
  admission_id text not null,
  sequence integer not null check (sequence >= 1),
  event_id text not null,
  type text not null,
  at timestamptz not null,
  -- Ids alone, and what kind of actor it is.
  actor jsonb not null check (jsonb_typeof(actor) = 'object'),
  facts jsonb not null check (jsonb_typeof(facts) = 'object'),
  -- Readers of the whole log stop below the oldest transaction that still runs.
  written_in xid8 not null default pg_current_xact_id(),
  received_from text not null,
  primary key (admission_id, sequence),
  foreign key (admission_id, received_from) references admissions (admission_id, received_from)
);

-- What was said, as it was said.
create table admission_exchanges (
  admission_id text not null,
  exchange_id text not null,
  direction text not null check (direction in ('inbound', 'outbound')),
  format text not null check (format in ('json', 'x12', 'fhir')),
  at timestamptz not null,
  sealed_body bytea not null,
  -- What was noted while reading it: notes quote the sender.
  sealed_notes bytea,
  received_from text not null,
  primary key (admission_id, exchange_id),
  foreign key (admission_id, received_from) references admissions (admission_id, received_from)
);

-- The keys are keyed hashes, so that kinds and payers cannot meet.
create table admission_lookups (
  key bytea not null,
  admission_id text not null,
  received_from text not null,
  primary key (key, admission_id),
  foreign key (admission_id, received_from) references admissions (admission_id, received_from)
);

do $$
declare
  name text;
begin
  foreach name in array array['admissions', 'admission_access', 'admission_parties', 'admission_events', 'admission_exchanges', 'admission_lookups'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('grant select on %I to {schema}_tenant, {schema}_staff, {schema}_worker', name);
    execute format('grant insert on %I to {schema}_tenant', name);
    -- The foreign key holds received_from to that of the admission, so a company adds to what it sent alone.
    execute format('create policy sender_adds on %I for insert to {schema}_tenant with check (received_from = current_organization())', name);
    execute format('create policy worker_reads on %I for select to {schema}_worker using (true)', name);
    if name <> 'admissions' then
      execute format('create policy staff_reads on %1$I for select to {schema}_staff using (
        exists (select from admissions where admissions.admission_id = %1$I.admission_id offset 0))', name);
    end if;
  end loop;
  foreach name in array array['admissions', 'admission_events', 'admission_lookups'] loop
    execute format('create policy participant_reads on %1$I for select to {schema}_tenant using (
      exists (select from admission_access
        where admission_access.admission_id = %1$I.admission_id and admission_access.organization_id = current_organization() offset 0)
      or exists (select from admission_parties
        where admission_parties.admission_id = %1$I.admission_id and admission_parties.npi = any(current_providers()) offset 0))', name);
  end loop;
end
$$;

create policy staff_reads on admissions for select to {schema}_staff
  using ('*' = any(current_payers()) or payer_id = any(current_payers()));
create policy organization_reads_its_own on admission_access for select to {schema}_tenant
  using (organization_id = current_organization()
    and (npi is null or '*' = any(current_providers()) or npi = any(current_providers())));
create policy provider_reads_its_own on admission_parties for select to {schema}_tenant
  using (npi = any(current_providers()));
-- What was said word for word stays between the payer and whoever said it.
create policy sender_reads on admission_exchanges for select to {schema}_tenant using (
  exists (select from admission_access
    where admission_access.admission_id = admission_exchanges.admission_id
      and admission_access.organization_id = current_organization() offset 0));

-- A later notice of the same stay mends what the earlier ones said; the events tell of both.
create policy sender_mends on admissions for update to {schema}_tenant
  using (received_from = current_organization()) with check (received_from = current_organization());
grant update (state, kind, case_id, admitted_on, discharged_on, last_sequence, sealed_notice) on admissions
  to {schema}_tenant;

alter table admissions alter sealed_notice set storage external, set (toast_tuple_target = 8160);
alter table admission_exchanges alter sealed_body set storage external, alter sealed_notes set storage external,
  set (toast_tuple_target = 8160);
