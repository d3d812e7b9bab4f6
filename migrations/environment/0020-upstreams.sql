-- Payers that are asked over a connection: where each is, how it stands, and what was sent to it and is not answered yet.

-- Where a payer is asked, and by which names. Whoever calls may read it: what is sent is written in their own transaction.
create table payer_upstreams (
  payer_id text primary key references payers,
  url text not null check (url like 'https://%'),
  -- Where an operation is asked elsewhere: {"inquiry": "https://…"}.
  operation_urls jsonb not null default '{}' check (jsonb_typeof(operation_urls) = 'object'),
  envelope text not null check (envelope in ('post', 'soap', 'mime')),
  sender_qualifier text not null,
  sender_id text not null,
  application_sender text not null,
  receiver_qualifier text not null,
  receiver_id text not null,
  application_receiver text not null,
  usage text not null check (usage in ('T', 'P')),
  -- In whose name a request is given up: as one who passes it on, or as the payer itself.
  answers_as text not null check (answers_as in ('intermediary', 'payer')),
  timeout_ms integer not null check (timeout_ms between 1000 and 120000),
  retries integer not null check (retries between 0 and 50),
  set_at timestamptz not null
);

-- By what we prove who we are to it; sealed by the environment's vault.
create table payer_upstream_credentials (
  payer_id text primary key references payer_upstreams on delete cascade,
  token_url text not null check (token_url like 'https://%'),
  client_id text not null,
  scope text,
  sealed_secret bytea not null
);

-- One for each payer that has failed of late, shared by every process: failures without an answer in between, and until when
-- nobody is sent there.
create table payer_upstream_health (
  payer_id text primary key references payer_upstreams on delete cascade,
  failures integer not null check (failures >= 0),
  shut_until timestamptz
);

-- The outbox: a row for each request that was sent to a payer, from before it is sent until the last word on it. What was sent is
-- the exchange of the same id, which stays as it is.
create table upstream_messages (
  message_id text primary key,
  payer_id text not null references payers,
  -- What it is about: a case or an admission.
  case_id text,
  admission_id text,
  received_from text not null,
  -- The case that gives way once this one is certified, where it follows one.
  follows text,
  operation text not null check (operation in ('submission', 'notice')),
  purpose text not null,
  -- Ours: BHT03, and a TRN of the event. The payer repeats it.
  trace_number text not null,
  -- send: it may not have arrived; ask: the payer has it and owes its decision; done: nothing is to be done any more.
  stage text not null check (stage in ('send', 'ask', 'done')),
  attempts integer not null default 0 check (attempts >= 0),
  -- Whether an attempt may have arrived although nobody said so.
  is_unsure boolean not null default false,
  -- When it is looked at next; taken by whoever moves it on.
  due_at timestamptz not null,
  created_at timestamptz not null,
  -- Why the last attempt came to nothing: a word of ours.
  last_failure text,
  unique (payer_id, trace_number),
  foreign key (case_id, received_from) references authorizations (case_id, received_from),
  foreign key (admission_id, received_from) references admissions (admission_id, received_from),
  constraint it_is_about_one_thing check ((case_id is null) <> (admission_id is null))
);
create index upstream_messages_due on upstream_messages (due_at) where stage <> 'done';
create index upstream_messages_of_case on upstream_messages (case_id) where case_id is not null;
create index upstream_messages_of_admission on upstream_messages (admission_id) where admission_id is not null;

do $$
declare
  name text;
begin
  foreach name in array array['payer_upstreams', 'payer_upstream_credentials', 'payer_upstream_health', 'upstream_messages'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
  end loop;
  foreach name in array array['payer_upstreams', 'payer_upstream_credentials'] loop
    execute format('grant select, insert, update, delete on %I to {schema}_staff', name);
    execute format('create policy staff_sets on %I to {schema}_staff using (true) with check (true)', name);
    execute format('grant select on %I to {schema}_worker', name);
    execute format('create policy worker_reads on %I for select to {schema}_worker using (true)', name);
  end loop;
end
$$;

grant select on payer_upstreams to {schema}_tenant;
create policy company_reads on payer_upstreams for select to {schema}_tenant
  using (current_organization() is not null);

grant select, insert, update, delete on payer_upstream_health to {schema}_worker;
create policy worker_keeps on payer_upstream_health to {schema}_worker using (true) with check (true);
grant select, delete on payer_upstream_health to {schema}_staff;
create policy staff_resets on payer_upstream_health to {schema}_staff using (true);

-- Who sends a request on is who may change what it is about; and nobody names a case to give way that they could not change.
grant insert on upstream_messages to {schema}_tenant;
create policy sender_forwards on upstream_messages for insert to {schema}_tenant
  with check (
    (received_from = current_organization() or (case_id is not null and may_amend(case_id)))
    and (follows is null or may_amend(follows)));
grant select on upstream_messages to {schema}_tenant;
create policy sender_looks on upstream_messages for select to {schema}_tenant
  using (received_from = current_organization() or (case_id is not null and may_amend(case_id)));
grant select, update (stage, attempts, is_unsure, due_at, last_failure) on upstream_messages to {schema}_worker;
create policy worker_sends on upstream_messages for select to {schema}_worker using (true);
create policy worker_notes on upstream_messages for update to {schema}_worker using (true) with check (true);
grant select on upstream_messages to {schema}_staff;
create policy staff_reads on upstream_messages for select to {schema}_staff using (true);

-- With whom it was said: the sender of the request, or the payer that it was passed on to. What was said to a payer is not
-- for its sender, who sees what they said and were answered themselves.
alter table exchanges add column counterpart text not null default 'sender' check (counterpart in ('sender', 'payer'));
alter table admission_exchanges add column counterpart text not null default 'sender' check (counterpart in ('sender', 'payer'));
drop policy speaker_reads on exchanges;
create policy speaker_reads on exchanges for select to {schema}_tenant
  using (counterpart = 'sender' and coalesce(organization_id, received_from) = current_organization()
    and exists (select from authorizations where authorizations.case_id = exchanges.case_id offset 0));
drop policy sender_reads on admission_exchanges;
create policy sender_reads on admission_exchanges for select to {schema}_tenant using (
  counterpart = 'sender' and exists (select from admission_access
    where admission_access.admission_id = admission_exchanges.admission_id
      and admission_access.organization_id = current_organization() offset 0));

-- The worker writes a payer's answer to what was sent to that payer, and has the case that it follows give way; to no other.
grant update (administrative_reference) on authorizations to {schema}_worker;
do $$
declare
  name text;
  sent text;
begin
  foreach name in array array['authorizations', 'service_lines', 'events', 'case_lookups', 'exchanges'] loop
    sent := format('exists (select from upstream_messages m where %I.case_id in (m.case_id, m.follows))', name);
    if name in ('authorizations', 'service_lines') then
      execute format('create policy worker_relays on %I for update to {schema}_worker using (%s) with check (%2$s)', name, sent);
    else
      execute format('create policy worker_relays on %I for insert to {schema}_worker with check (%s)', name, sent);
    end if;
  end loop;
end
$$;

grant update (state, reference_number, last_sequence) on admissions to {schema}_worker;
create policy worker_relays on admissions for update to {schema}_worker
  using (exists (select from upstream_messages m where m.admission_id = admissions.admission_id))
  with check (exists (select from upstream_messages m where m.admission_id = admissions.admission_id));
do $$
declare
  name text;
begin
  foreach name in array array['admission_events', 'admission_exchanges', 'admission_lookups'] loop
    execute format('grant insert on %I to {schema}_worker', name);
    execute format('create policy worker_relays on %1$I for insert to {schema}_worker
      with check (exists (select from upstream_messages m where m.admission_id = %1$I.admission_id))', name);
  end loop;
end
$$;

-- A request whose answer is somebody else's to give is kept before that answer is there: until then the row holds what is to be
-- said meanwhile, and what it tells of.
alter table idempotency_keys add column tells_of text;
-- Until when whoever asks again is told that it is being answered.
alter table idempotency_keys add column busy_until timestamptz;
drop function take_idempotency_key(bigint, text, text, bytea, timestamptz);
create function take_idempotency_key(lock_number bigint, organization text, path text, key bytea, present timestamptz)
returns table (taken boolean, fingerprint bytea, request_id text, payer_id text, sealed_answer bytea, tells_of text,
  busy_until timestamptz)
language plpgsql volatile as $$
begin
  if not pg_try_advisory_xact_lock(lock_number) then
    return query select false, null::bytea, null::text, null::text, null::bytea, null::text, null::timestamptz;
    return;
  end if;
  return query
    select true, kept.fingerprint, kept.request_id, kept.payer_id, kept.sealed_answer, kept.tells_of, kept.busy_until
    from (values (1)) as always
    left join idempotency_keys as kept on kept.organization_id = organization and kept.route = path
      and kept.key_hash = key and kept.expires_at > present;
end
$$;
revoke execute on function take_idempotency_key from public;
grant execute on function take_idempotency_key to {schema}_tenant;
