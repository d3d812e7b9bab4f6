-- What comes after the first answer: a case is taken back, given up, contested, or gone on from by another case.

-- The case that this one revises, extends or renews.
alter table authorizations add column follows text;
-- Not validated: no row has one yet, and to look at the rows the owner, who is bound by the policies, would need them.
alter table authorizations add constraint a_case_follows_one_that_is_there
  foreign key (follows) references authorizations (case_id) not valid;
create index authorizations_by_follows on authorizations (follows) where follows is not null;

-- An appeal contests what a person answers for.
alter table authorizations drop constraint a_machine_is_never_adverse;
alter table authorizations add constraint a_machine_is_never_adverse check (
  decided_by is distinct from 'machine'
  or (action in ('certified', 'pended', 'contact-payer', 'no-action-required')
      and state not in ('modified', 'partially-approved', 'denied', 'appealed')));
alter table authorizations drop constraint a_pended_case_has_a_due_moment;
alter table authorizations add constraint an_open_question_has_a_due_moment check (
  state not in ('pended', 'appealed') or due_at is not null);

-- Bodies are not looked into while they are written down: the owner, who may become every role, would meet the policies of all
-- of them at once, and those of two roles refer to each other. Nobody who runs them is more than one.
set local check_function_bodies = off;

-- Who may change a case: the company that sent it, and whoever acts for its requester now. Those who merely see it, as
-- the hospital that it names, may not.
-- As the owner, who on PostgreSQL 15 inherits every role, its body would be read under the policies of all of them at once.
set local check_function_bodies to off;
create function may_amend(id text) returns boolean language sql stable parallel safe as $$
  select exists (select from case_access
      where case_access.case_id = id and case_access.organization_id = current_organization())
    or exists (select from participants
      where participants.case_id = id and participants.role = 'requester'
        and participants.npi = any(current_providers()))
$$;
revoke execute on function may_amend(text) from public;
grant execute on function may_amend(text) to {schema}_tenant;

-- The moves that are the requester's to make, and no decision: the columns that tell of one are not granted.
grant update (state, waiting_for, due_at, last_sequence, authorization_number, sealed_outcome)
  on authorizations to {schema}_tenant;
create policy requester_moves on authorizations for update to {schema}_tenant
  using (may_amend(case_id))
  with check (may_amend(case_id) and state in ('withdrawn', 'cancelled', 'appealed', 'revised', 'extended'));

-- Whoever may change a case adds to its history, whichever company sent it. The sender's own right is looked at elsewhere,
-- and need not be looked up.
create policy requester_adds on events for insert to {schema}_tenant
  with check (received_from <> current_organization() and may_amend(case_id));

-- Who spoke with the payer: the company whose session wrote it down. Absent where no company did, and on what is older than
-- follow-ups: that is between the payer and the sender.
alter table exchanges add column organization_id text;
alter table exchanges alter organization_id set default current_organization();

drop policy sender_adds on exchanges;
create policy sender_adds on exchanges for insert to {schema}_tenant
  with check (organization_id = current_organization() and received_from = current_organization());
create policy requester_adds on exchanges for insert to {schema}_tenant
  with check (organization_id = current_organization() and received_from <> current_organization() and may_amend(case_id));

-- What was said word for word stays between the payer and whoever said it, for as long as they may see the case.
drop policy participant_reads on exchanges;
create policy speaker_reads on exchanges for select to {schema}_tenant
  using (coalesce(organization_id, received_from) = current_organization()
    and exists (select from authorizations where authorizations.case_id = exchanges.case_id offset 0));
