-- Who decides, and by what: payers, the ids they go by, their data keys, determination rules and policies.
--
-- Everyone who can call may read payers, rules and policies: a decision is made inside the caller's own transaction.
-- Staff and the platform's duties write; nobody at run time changes or removes a rule or a policy, because decided
-- cases rest on them by version.

create table payers (
  id text primary key,
  name text not null,
  line_of_business text not null,
  contact jsonb,
  stands_in_for_unknown boolean not null default false,
  created_at timestamptz not null
);
-- One payer at most answers for ids that nobody knows.
create unique index payers_one_stand_in on payers (stands_in_for_unknown) where stands_in_for_unknown;

create table payer_wire_ids (
  -- In capitals: the ids of the wire are told apart without regard to case.
  wire_id text primary key check (wire_id = upper(wire_id) and wire_id <> ''),
  payer_id text not null references payers,
  -- Its place among the payer's ids; the first is the one that we write.
  place integer not null
);
create index payer_wire_ids_of on payer_wire_ids (payer_id, place);

-- The key that seals what describes a payer's members; itself sealed by the environment's vault, whose key no database
-- holds. The tenant role reads it, because cases are sealed and opened in the caller's own transaction.
create table payer_keys (
  payer_id text primary key references payers,
  sealed bytea not null,
  created_at timestamptz not null
);

-- An import replaces all rules of a payer; its predecessors stay, so that an old decision can still be explained.
create table rule_imports (
  payer_id text not null references payers,
  version integer not null check (version > 0),
  imported_at timestamptz not null,
  rows integer not null,
  -- SHA-256 of the text that was imported.
  checksum bytea not null,
  -- What its rows are kept in memory by. A version that was rolled back is followed by another of the same number.
  stamp uuid not null default gen_random_uuid(),
  primary key (payer_id, version)
);

create type code_span as range (subtype = text, collation = "C");

create table rules (
  id text primary key,
  payer_id text not null,
  version integer not null,
  -- The line of the imported text.
  line integer not null,
  -- Both empty for a row that names no code.
  code_system text collate "C" not null default '',
  code text collate "C" not null default '',
  code_until text collate "C",
  plan text,
  line_of_business text,
  modifiers text[],
  places text[],
  service_types text[],
  age_from integer,
  age_until integer,
  diagnoses text[],
  effective_from date not null,
  effective_until date,
  answer text not null check (answer in ('required', 'not-required')),
  reviewer text,
  documents text[] not null,
  text text not null,
  source text not null,
  -- A range of codes, led by what it is looked up under, so that one index without extensions finds it.
  span code_span generated always as (
    case when code_until is null then null
    else code_span(
      (payer_id || '/' || version::text || '/' || code_system || '/' || code) collate "C",
      (payer_id || '/' || version::text || '/' || code_system || '/' || code_until) collate "C",
      '[]')
    end) stored,
  foreign key (payer_id, version) references rule_imports
);
create index rules_by_code on rules (payer_id, version, code_system, code) where code_until is null;
create index rules_by_range on rules using gist (span) where code_until is not null;

create table policies (
  id text primary key,
  payer_id text not null references payers,
  version integer not null check (version > 0),
  published_at timestamptz not null,
  -- SHA-256 of the graph as published.
  checksum bytea not null,
  graph jsonb not null,
  unique (payer_id, version)
);

do $$
declare
  table_name text;
begin
  foreach table_name in array array['payers', 'payer_wire_ids', 'payer_keys', 'rule_imports', 'rules', 'policies'] loop
    execute format('alter table %I enable row level security', table_name);
    execute format('alter table %I force row level security', table_name);
    execute format('create policy company_reads on %I for select to {schema}_tenant using (current_organization() is not null)', table_name);
    execute format('create policy read on %I for select to {schema}_staff, {schema}_worker using (true)',
      table_name);
    execute format('create policy write on %I for insert to {schema}_staff, {schema}_worker with check (true)', table_name);
    execute format('grant select on %I to {schema}_tenant, {schema}_staff, {schema}_worker', table_name);
    execute format('grant insert on %I to {schema}_staff, {schema}_worker', table_name);
  end loop;
end
$$;

-- A payer's name, contact and wire ids may be mended; its keys, rules and policies only follow each other.
create policy mend on payers for update to {schema}_staff, {schema}_worker using (true) with check (true);
grant update on payers to {schema}_staff, {schema}_worker;
create policy drop on payer_wire_ids for delete to {schema}_staff, {schema}_worker using (true);
grant delete on payer_wire_ids to {schema}_staff, {schema}_worker;
