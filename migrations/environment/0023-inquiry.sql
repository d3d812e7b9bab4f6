-- What an answer tells of a case and of each of its lines now, and when the patient was admitted: by these an inquiry narrows
-- without opening what is sealed. They are read for the cases that a member or a number leads to, so they need no index of
-- their own. Dates, and what was answered: nothing that names anybody.
alter table authorizations
  add column told_action text,
  add column issued_on date,
  add column effective_from date,
  add column effective_until date,
  add column admitted_from date,
  add column admitted_until date;
alter table service_lines
  add column told_action text,
  add column issued_on date,
  add column effective_from date,
  add column effective_until date;

-- They follow every move: what is cancelled is told as cancelled. None of them decides anything.
grant update (told_action, issued_on, effective_from, effective_until) on authorizations to {schema}_tenant, {schema}_worker;
grant update (told_action, issued_on, effective_from, effective_until) on service_lines to {schema}_tenant, {schema}_worker;
create policy requester_moves on service_lines for update to {schema}_tenant
  using (may_amend(case_id)) with check (may_amend(case_id));

-- Of two changes of one case that are both waited for, each could come into force. So the second is refused while the first
-- has no answer; the index holds it for those who do not see each other's.
create unique index one_change_of_a_case_is_pending on authorizations (follows)
  where purpose in ('revised', 'extension')
    and state in ('received', 'submitted', 'forwarding', 'payer-unconfirmed', 'payer-received', 'pended');

-- Which interchanges were answered, so that another one under the numbers of an earlier one is not taken for it, nor for a new
-- one (TA1 025). Of its content there is a keyed hash alone.
create table interchanges (
  organization_id text not null,
  -- ISA06, ISA08, ISA13 and GS06.
  sender_id text not null,
  receiver_id text not null,
  control_number text not null,
  group_number text not null,
  content_hash bytea not null,
  seen_at timestamptz not null,
  expires_at timestamptz not null,
  primary key (organization_id, sender_id, receiver_id, control_number, group_number)
);
create index interchanges_by_expiry on interchanges (expires_at);

alter table interchanges enable row level security;
alter table interchanges force row level security;

grant select, insert, update (content_hash, seen_at, expires_at) on interchanges to {schema}_tenant;
create policy tenant_keeps_its_own on interchanges to {schema}_tenant
  using (organization_id = current_organization()) with check (organization_id = current_organization());

-- The worker prunes.
grant select (organization_id, sender_id, receiver_id, control_number, group_number, expires_at), delete on interchanges
  to {schema}_worker;
create policy worker_prunes on interchanges to {schema}_worker using (true);
