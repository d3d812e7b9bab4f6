-- Many requests sent at once, worked through one by one. What is asked and what is answered is sealed with a key of the
-- batch's own, which is kept sealed and goes with it: no payer is known before an item is read.

create table batches (
  batch_id text primary key,
  organization_id text not null,
  -- Who uploaded it. What its items may do is judged when they run, by how this client stands then.
  client_id text not null,
  token_id text not null,
  epoch integer not null,
  scopes text[] not null,
  request_id text not null,
  format text not null check (format in ('ndjson', 'x12')),
  -- `receiving` while its upload lasts: nobody is shown it, and it goes when the upload breaks off.
  state text not null check (state in ('receiving', 'open', 'finished', 'cancelled')),
  bytes bigint not null default 0,
  items integer not null default 0,
  begun_at timestamptz not null,
  received_at timestamptz,
  started_at timestamptz,
  finished_at timestamptz,
  -- When its items were last taken up: batches take turns.
  served_at timestamptz,
  sealed_key bytea not null,
  unique (batch_id, organization_id)
);
create index batches_by_company on batches (organization_id, batch_id);
create index batches_in_turn on batches (served_at nulls first, batch_id) where state = 'open';
create index batches_by_beginning on batches (begun_at);

-- What an X12 file says around its transactions; needed to answer it.
create table batch_interchanges (
  batch_id text not null,
  interchange integer not null check (interchange >= 1),
  organization_id text not null,
  sealed_facts bytea not null,
  primary key (batch_id, interchange),
  foreign key (batch_id, organization_id) references batches (batch_id, organization_id) on delete cascade
);

create table batch_items (
  batch_id text not null,
  item integer not null check (item >= 1),
  organization_id text not null,
  -- Where it stands in the upload: the line, or the interchange, group and transaction, each counted from 1.
  line integer,
  interchange integer,
  functional_group integer,
  transaction integer,
  operation text,
  status text not null check (status in ('waiting', 'answered', 'refused', 'cancelled')),
  -- Whether it could be read when it came.
  is_accepted boolean not null,
  -- The code of the problem that it was refused with.
  problem text,
  -- The case or the admission that it came to.
  on_id text,
  -- By which the audit record knows it.
  request_id text not null,
  -- Until then another node leaves it alone.
  leased_until timestamptz,
  attempts integer not null default 0,
  ended_at timestamptz,
  sealed_body bytea,
  sealed_facts bytea,
  sealed_outcome bytea,
  primary key (batch_id, item),
  foreign key (batch_id, organization_id) references batches (batch_id, organization_id) on delete cascade
);
create index batch_items_waiting on batch_items (batch_id, item) where status = 'waiting';

-- Sealed bytes do not compress.
alter table batch_interchanges alter sealed_facts set storage external;
alter table batch_items alter sealed_body set storage external, alter sealed_facts set storage external,
  alter sealed_outcome set storage external;

do $$
declare
  name text;
begin
  foreach name in array array['batches', 'batch_interchanges', 'batch_items'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('grant select, insert on %I to {schema}_tenant', name);
    execute format('create policy company_reads_its_own on %I for select to {schema}_tenant using (organization_id = current_organization())', name);
    execute format('create policy company_adds on %I for insert to {schema}_tenant with check (organization_id = current_organization())', name);
    execute format('create policy company_works on %I for update to {schema}_tenant using (organization_id = current_organization()) with check (organization_id = current_organization())', name);
  end loop;
end
$$;
grant update (state, bytes, items, received_at, finished_at) on batches to {schema}_tenant;
grant update (sealed_facts) on batch_interchanges to {schema}_tenant;
grant update (operation, status, is_accepted, problem, on_id, leased_until, attempts, ended_at, sealed_body, sealed_outcome)
  on batch_items to {schema}_tenant;
-- An upload that breaks off is taken back; what was received stays until its time has passed.
grant delete on batches to {schema}_tenant;
create policy company_takes_back on batches for delete to {schema}_tenant
  using (organization_id = current_organization() and state = 'receiving');

-- The worker hands out items and ends batches. What is in them it cannot read.
grant select (batch_id, organization_id, state, begun_at, received_at, started_at, served_at), delete,
  update (state, started_at, finished_at, served_at) on batches to {schema}_worker;
create policy worker_runs on batches to {schema}_worker using (true) with check (true);
grant select (batch_id, item, status, leased_until), update (leased_until) on batch_items to {schema}_worker;
create policy worker_hands_out on batch_items to {schema}_worker using (true) with check (true);

-- Everything that happened, in the order in which it was written: by the company that sent the case, and by case. Readers
-- stop below the oldest transaction that still runs.
create index events_of_sender on events (received_from, written_in, case_id, sequence);

-- What shows many cases at once is one entry that names them, and is found by each.
drop index audit_entries_by_found;
create index audit_entries_by_found on audit_entries using gin (string_to_array(detail ->> 'cases', ' '))
  where act in ('authorization.search', 'authorization.follow-events', 'batch.read-answers');
