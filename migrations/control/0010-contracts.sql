-- From asking for production to a contract that both sides have signed, and what follows from it. No secret is kept here.

-- What can be had at which prices. `self-service`: accepting the terms is enough; `contract`: both sides sign.
create table plans (
  id text primary key,
  name text not null check (length(name) between 1 and 200),
  summary text not null,
  kind text not null check (kind in ('self-service', 'contract')),
  products text[] not null check (cardinality(products) > 0),
  -- Each `{per: transaction|month, product?, amount}`; the amount in US dollars, as decimal text.
  prices jsonb not null check (jsonb_typeof(prices) = 'array'),
  version integer not null check (version > 0),
  is_offered boolean not null,
  position integer not null,
  changed_at timestamptz not null
);
insert into plans (id, name, summary, kind, products, prices, version, is_offered, position, changed_at) values
  ('standard', 'Standard', 'Every product, under a contract that both sides sign.', 'contract',
    '{determination,inquiry,submission,notice-of-admission}', '[{"per":"transaction","amount":"0.25"}]', 1, true, 1, now()),
  -- Offered once the operator says so: it gives production without a person looking.
  ('pay-as-you-go', 'Pay as you go', 'Asking whether and how: no contract, paid by use.', 'self-service',
    '{determination,inquiry}', '[{"per":"transaction","amount":"0.30"}]', 1, false, 2, now());

-- What is agreed, in clauses with placeholders. The latest version of a kind is the one that is offered; a published one is
-- never changed.
create table agreement_templates (
  kind text not null check (kind in
    ('services', 'trading-partner', 'business-associate', 'subcontractor', 'vendor-authority', 'self-service')),
  version integer not null check (version > 0),
  title text not null check (length(title) between 1 and 200),
  -- Each `{heading, text}`, in order.
  clauses jsonb not null check (jsonb_typeof(clauses) = 'array' and jsonb_array_length(clauses) > 0),
  published_at timestamptz not null,
  -- Null: they came with the software, or from the operator's own command line.
  published_by text,
  primary key (kind, version)
);
insert into agreement_templates (kind, version, title, clauses, published_at) values
  ('services', 1, 'Services Agreement', '[{"heading": "The service", "text": "{{operator}} gives {{partner}} access to the products named in the order, through programming interfaces, in production, from the moment this agreement begins."}, {"heading": "Credentials", "text": "{{partner}} keeps its credentials secret, gives each only to those of its systems that need it, replaces what others may have seen, and tells {{operator}} without delay when one may have been lost."}, {"heading": "Fair use", "text": "{{partner}} keeps to the published limits, sends no request that it has no right to send, and does not try to reach what belongs to others."}, {"heading": "Fees", "text": "{{partner}} pays the prices named in the order for what it uses. Where the order names no price there is none. Invoices are due thirty days after they were sent."}, {"heading": "Availability", "text": "{{operator}} runs the service with the care that such a service needs, announces maintenance beforehand, and says openly when something does not work."}, {"heading": "Confidence", "text": "Each side uses what it learns of the other for this agreement alone, and keeps it in confidence for three years after its end."}, {"heading": "Liability", "text": "Each side answers for harm that it causes by intent or gross neglect without limit. Beyond that it answers for no more than the fees of the twelve months before, and never for lost profit."}, {"heading": "Term and end", "text": "This agreement begins {{begins}}, and {{term}}. Either side may end it at once, by written notice with the reason, when the other breaks it gravely and does not mend that within thirty days. From the moment it ends, production credentials are refused."}, {"heading": "Changes", "text": "Products and prices change by an amendment that both sides sign. A text that was signed is never changed."}, {"heading": "Signatures", "text": "Both sides sign by electronic means, and agree that such signatures and this electronic record have the effect of ink and paper."}]', now()),
  ('trading-partner', 1, 'Trading Partner Agreement', '[{"heading": "Transactions", "text": "The sides exchange the standard transactions for the products of the order: {{products}}. They use them as the adopted standards define them, and change neither the meaning nor the use of any field."}, {"heading": "Identity", "text": "Each side uses the sender and receiver ids that were enrolled for it, and no others. {{operator}} may refuse what comes under an id that was not enrolled."}, {"heading": "Tests", "text": "{{partner}} shows in the sandbox that its transactions can be read before it sends them in production. Test data holds no information about real people."}, {"heading": "Receipt", "text": "A transaction is received when the other side has acknowledged it. Whoever gets no acknowledgement asks again; repeating a transaction does no harm."}, {"heading": "Security", "text": "Transactions travel encrypted, between systems that have proved who they are. Each side keeps the records that the law asks of it."}, {"heading": "No added burden", "text": "Neither side asks the other for data or conditions beyond the adopted standards."}]', now()),
  ('business-associate', 1, 'Business Associate Agreement', '[{"heading": "Roles", "text": "{{partner}} is a covered entity. {{operator}} creates, receives, keeps or passes on protected health information on its behalf, and is its business associate (45 CFR 160.103)."}, {"heading": "Permitted uses", "text": "{{operator}} uses and discloses protected health information only to provide the products of the order, as the law requires, and for its own proper management as 45 CFR 164.504(e)(4) allows. It uses no more than is needed."}, {"heading": "Safeguards", "text": "{{operator}} keeps the safeguards of 45 CFR Part 164 Subpart C, and does not use or disclose the information otherwise than this agreement allows."}, {"heading": "Reports", "text": "{{operator}} reports to {{partner}} any use or disclosure that this agreement does not allow, any security incident, and any breach of unsecured information (45 CFR 164.410) without unreasonable delay, at the latest ten days after it was discovered, with what is known of who is concerned."}, {"heading": "Subcontractors", "text": "{{operator}} has every subcontractor that handles the information agree in writing to the same restrictions (45 CFR 164.502(e)(1)(ii))."}, {"heading": "Access, amendment, accounting", "text": "Within fifteen days of being asked {{operator}} makes available what {{partner}} needs to answer a person under 45 CFR 164.524, 164.526 and 164.528."}, {"heading": "Books", "text": "{{operator}} makes its practices, books and records about the information available to the Secretary of Health and Human Services."}, {"heading": "Return or destruction", "text": "At the end {{operator}} returns or destroys the information where that is feasible, and protects it under this agreement for as long as it is not."}, {"heading": "Breach of this agreement", "text": "{{partner}} may end the agreement when {{operator}} has broken a material term of this part (45 CFR 164.504(e)(2)(iii))."}]', now()),
  ('subcontractor', 1, 'Subcontractor Business Associate Agreement', '[{"heading": "Roles", "text": "{{partner}} is a business associate of the providers it works for. {{operator}} handles protected health information for {{partner}}, and is its subcontractor (45 CFR 160.103)."}, {"heading": "The same restrictions", "text": "{{operator}} agrees to the restrictions and conditions that bind {{partner}} toward the providers, as far as {{partner}} has made them known (45 CFR 164.504(e)(5))."}, {"heading": "Safeguards", "text": "{{operator}} keeps the safeguards of 45 CFR Part 164 Subpart C and uses no more of the information than the products of the order need."}, {"heading": "Reports", "text": "{{operator}} reports any breach of unsecured information and any use that is not allowed to {{partner}} without unreasonable delay, at the latest ten days after it was discovered; {{partner}} tells the providers concerned."}, {"heading": "Further subcontractors", "text": "{{operator}} has every further subcontractor agree in writing to the same restrictions."}, {"heading": "Rights of people", "text": "Within ten days of being asked {{operator}} makes available what {{partner}} needs so that a provider can answer a person under 45 CFR 164.524, 164.526 and 164.528."}, {"heading": "Return or destruction", "text": "At the end {{operator}} returns or destroys the information where that is feasible, and protects it for as long as it is not."}]', now()),
  ('vendor-authority', 1, 'Vendor Authority', '[{"heading": "Acting for others", "text": "{{partner}} sends transactions in the name of providers. It has the written authority of each before the first transaction, and registers each with {{operator}}, with the document that gives the authority."}, {"heading": "Proof", "text": "{{partner}} shows the authority within five days of being asked. {{operator}} may refuse transactions for a provider whose authority it has not seen."}, {"heading": "End of an authority", "text": "When an authority ends, {{partner}} ends the registration on the same day, and sends nothing more for that provider."}, {"heading": "Answers", "text": "What {{operator}} answers belongs to the provider concerned. {{partner}} passes it on, and uses it for nothing else."}, {"heading": "Responsibility", "text": "{{partner}} answers to {{operator}} for what it sends in the name of others as for its own."}]', now()),
  ('self-service', 1, 'Self-service Terms', '[{"heading": "The service", "text": "{{operator}} gives {{partner}} access in production to the products of the plan: {{products}}."}, {"heading": "Price", "text": "{{partner}} pays for what it uses, at these prices: {{prices}}."}, {"heading": "Credentials", "text": "{{partner}} keeps its credentials secret and tells {{operator}} without delay when one may have been lost."}, {"heading": "Information about people", "text": "{{partner}} sends only what it has a right to send, and handles what it gets as the law asks of it. {{operator}} handles protected health information for {{partner}} under the terms of 45 CFR 164.504(e): it uses it for these products alone, safeguards it, reports breaches within ten days, and binds its subcontractors alike."}, {"heading": "Standard transactions", "text": "Both sides use the standard transactions as they are adopted, under their own ids alone."}, {"heading": "End", "text": "{{partner}} may end its subscription at any time, with effect at once. {{operator}} may end it thirty days after saying so, or at once when the terms are broken gravely."}]', now());

-- A company asks for production, or for a change of what it has there.
create table production_requests (
  id text primary key,
  organization_id text not null references organizations,
  -- The contract that it would replace; null: the first.
  amends text,
  plan_id text not null references plans,
  products text[] not null check (cardinality(products) > 0),
  note text not null check (length(note) <= 2000),
  state text not null check (state in
    ('draft', 'submitted', 'in-review', 'offered', 'partner-signed', 'countersigned', 'declined', 'withdrawn')),
  -- Raised by every change, so that whoever changes what they have not seen is told.
  version integer not null check (version > 0),
  -- Why it was declined or withdrawn.
  reason text check (length(reason) <= 2000),
  contract_id text,
  created_at timestamptz not null,
  created_by text not null,
  moved_at timestamptz not null,
  check (state <> 'declined' or reason is not null),
  check ((state in ('offered', 'partner-signed', 'countersigned')) <= (contract_id is not null))
);
create index on production_requests (organization_id, id);
create index on production_requests (state, moved_at);
-- One at a time: a second would be offered on what the first has not settled.
create unique index production_requests_open on production_requests (organization_id)
  where state in ('draft', 'submitted', 'in-review', 'offered', 'partner-signed');

-- What is offered and signed. The text is frozen when it is offered, and named by its SHA-256 from then on.
create table contracts (
  id text primary key,
  organization_id text not null references organizations,
  -- Null: a paper contract that the operator recorded.
  request_id text references production_requests,
  amends text references contracts,
  kind text not null check (kind in ('electronic', 'paper')),
  state text not null check (state in ('offered', 'partner-signed', 'countersigned', 'void')),
  plan_id text references plans,
  products text[] not null check (cardinality(products) > 0),
  -- `{beginsAt?, months, renews, noticeDays, prices}`
  terms jsonb not null check (jsonb_typeof(terms) = 'object'),
  -- Empty for paper, whose text is its file.
  text text not null,
  -- SHA-256 of the text in UTF-8, or of the file; hexadecimal.
  text_hash text not null check (text_hash ~ '^[0-9a-f]{64}$'),
  offered_at timestamptz not null,
  -- The person; null: the operator, at the machine's own command line.
  offered_by text,
  partner_signed_at timestamptz,
  countersigned_at timestamptz,
  begins_at timestamptz,
  ends_at timestamptz check (ends_at >= begins_at),
  -- How it came to its end, or will; null with an end that was agreed at the beginning.
  end_kind text check (end_kind in ('notice', 'terminated', 'amended', 'renewed')),
  end_reason text check (length(end_reason) <= 2000),
  -- Who says that both sides have signed the paper.
  attested_by text check (length(attested_by) between 1 and 200),
  check ((kind = 'paper') = (attested_by is not null)),
  check ((state = 'countersigned') = (countersigned_at is not null and begins_at is not null)),
  check ((state = 'partner-signed') <= (partner_signed_at is not null))
);
create index on contracts (organization_id, id);
create unique index contracts_text on contracts (text_hash);
alter table production_requests add foreign key (contract_id) references contracts;
alter table production_requests add foreign key (amends) references contracts;

-- Who signed, and what shows it.
create table contract_signatures (
  id text primary key,
  contract_id text not null references contracts,
  organization_id text not null references organizations,
  side text not null check (side in ('partner', 'operator')),
  person_id text not null,
  name text not null check (length(name) between 1 and 200),
  title text not null check (length(title) between 1 and 200),
  text_hash text not null check (text_hash ~ '^[0-9a-f]{64}$'),
  -- What the signer agreed to, in the words that they were shown: `{intent, consent, authority}`.
  statements jsonb not null check (jsonb_typeof(statements) = 'object'),
  identity_method text not null check (identity_method in ('password')),
  address text not null,
  user_agent text not null check (length(user_agent) <= 300),
  signed_at timestamptz not null,
  unique (contract_id, side),
  -- Nobody signs for both sides.
  unique (contract_id, person_id)
);
create index on contract_signatures (organization_id);

-- Sealed contracts and scans of paper ones, byte for byte; each side keeps one.
create table contract_files (
  contract_id text not null references contracts,
  organization_id text not null references organizations,
  copy text not null check (copy in ('partner', 'operator')),
  media_type text not null,
  bytes bytea not null,
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  kept_at timestamptz not null,
  primary key (contract_id, copy)
);
create index on contract_files (sha256);
create index on contract_files (organization_id);

-- What the operator seals contracts with. Only the worker reads the private half, which the vault has sealed.
create table contract_seal_keys (
  id text primary key,
  -- DER
  certificate bytea not null,
  private_key_sealed bytea not null,
  made_at timestamptz not null
);

-- Terms that a company accepted for a self-service plan.
create table subscriptions (
  id text primary key,
  organization_id text not null references organizations,
  plan_id text not null references plans,
  plan_version integer not null,
  terms text not null,
  terms_hash text not null check (terms_hash ~ '^[0-9a-f]{64}$'),
  accepted_by text not null,
  accepted_at timestamptz not null,
  address text not null,
  user_agent text not null check (length(user_agent) <= 300),
  ended_at timestamptz check (ended_at >= accepted_at)
);
create unique index subscriptions_in_force on subscriptions (organization_id) where ended_at is null;
create index on subscriptions (organization_id, id);

-- By what a company may be in production: a contract that both sides have signed, or a subscription. Nothing else makes a
-- grant there.
create table entitlements (
  id text primary key,
  organization_id text not null references organizations,
  basis text not null check (basis in ('contract', 'subscription')),
  basis_id text not null unique,
  products text[] not null,
  from_at timestamptz not null,
  until_at timestamptz check (until_at >= from_at),
  made_at timestamptz not null
);
create index on entitlements (organization_id);
create index on entitlements (from_at);
create index on entitlements (until_at) where until_at is not null;

create function entitlements_have_a_basis() returns trigger language plpgsql as $$
begin
  if new.basis = 'contract' then
    if not exists (select from contracts where id = new.basis_id and organization_id = new.organization_id
        and state = 'countersigned' and new.products <@ products) then
      raise exception 'a contract entitles once both sides have signed it' using errcode = 'check_violation';
    end if;
  elsif not exists (select from subscriptions where id = new.basis_id and organization_id = new.organization_id) then
    raise exception 'nobody accepted the terms of this subscription' using errcode = 'check_violation';
  end if;
  return new;
end
$$;
create function production_is_entitled() returns trigger language plpgsql as $$
begin
  if new.environment = 'production' and exists (
    select from unnest(new.products) as granted
    where not exists (select from entitlements as e where e.organization_id = new.organization_id and granted = any (e.products))
  ) then
    raise exception 'production is granted by a contract or a subscription' using errcode = 'check_violation';
  end if;
  return new;
end
$$;
revoke execute on function entitlements_have_a_basis(), production_is_entitled() from public;
create trigger entitlements_of_a_basis before insert or update on entitlements
  for each row execute function entitlements_have_a_basis();
create trigger grants_of_an_entitlement before insert on grants
  for each row execute function production_is_entitled();

-- What a company asks, about anything it sees, before any request or on one. `open`: the operator answers next.
create table questions (
  id text primary key,
  organization_id text not null references organizations,
  about text not null check (about in ('general', 'page', 'product', 'plan', 'clause')),
  -- Which page, product, plan or clause, such as `services/4`.
  about_ref text not null check (length(about_ref) <= 200),
  request_id text references production_requests,
  subject text not null check (length(subject) between 1 and 200),
  state text not null check (state in ('open', 'answered', 'closed')),
  asked_by text not null,
  asked_at timestamptz not null,
  moved_at timestamptz not null
);
create index on questions (organization_id, id);
create index on questions (state, moved_at);
create index on questions (request_id) where request_id is not null;

create table question_messages (
  id text primary key,
  question_id text not null references questions,
  organization_id text not null references organizations,
  side text not null check (side in ('partner', 'operator')),
  person_id text not null,
  text text not null check (length(text) between 1 and 10000),
  sent_at timestamptz not null
);
create index on question_messages (question_id, id);
create index on question_messages (organization_id);

do $$
declare
  table_name text;
begin
  foreach table_name in array array['plans', 'agreement_templates', 'production_requests', 'contracts', 'contract_signatures',
      'contract_files', 'contract_seal_keys', 'subscriptions', 'entitlements', 'questions', 'question_messages'] loop
    execute format('alter table %I enable row level security', table_name);
    execute format('alter table %I force row level security', table_name);
  end loop;
  foreach table_name in array array['plans', 'agreement_templates'] loop
    execute format('create policy tenant on %I for select to {schema}_tenant using (current_organization() is not null)', table_name);
    execute format('create policy house on %I to {schema}_staff, {schema}_worker using (true) with check (true)', table_name);
    execute format('grant select on %I to {schema}_tenant, {schema}_staff, {schema}_worker', table_name);
  end loop;
  foreach table_name in array array['production_requests', 'contracts', 'contract_signatures', 'contract_files', 'subscriptions',
      'entitlements', 'questions', 'question_messages'] loop
    execute format('create policy tenant_reads on %I for select to {schema}_tenant using (organization_id = current_organization())', table_name);
    execute format('create policy house on %I to {schema}_staff, {schema}_worker using (true) with check (true)', table_name);
    execute format('grant select on %I to {schema}_tenant, {schema}_staff, {schema}_worker', table_name);
  end loop;
end
$$;

grant insert, update on plans to {schema}_staff;
grant insert on agreement_templates to {schema}_staff;

-- A company drafts, submits, withdraws and signs. What it is offered, and whether that holds, the operator says.
create policy tenant_drafts on production_requests for insert to {schema}_tenant
  with check (organization_id = current_organization() and state = 'draft');
create policy tenant_moves on production_requests for update to {schema}_tenant
  using (organization_id = current_organization() and state in ('draft', 'submitted', 'in-review', 'offered'))
  with check (organization_id = current_organization() and state in ('draft', 'submitted', 'partner-signed', 'withdrawn'));
grant insert on production_requests to {schema}_tenant;
grant update (plan_id, products, note, state, version, reason, moved_at) on production_requests to {schema}_tenant;
grant update (state, version, reason, contract_id, moved_at) on production_requests to {schema}_staff;

create policy tenant_signs on contracts for update to {schema}_tenant
  using (organization_id = current_organization() and state = 'offered')
  with check (organization_id = current_organization() and state in ('partner-signed', 'void'));
grant update (state, partner_signed_at) on contracts to {schema}_tenant;
grant insert on contracts to {schema}_staff;
grant update (state, countersigned_at, begins_at, ends_at, end_kind, end_reason) on contracts to {schema}_staff;

create policy tenant_signs on contract_signatures for insert to {schema}_tenant
  with check (organization_id = current_organization() and side = 'partner');
grant insert on contract_signatures to {schema}_tenant, {schema}_staff;
grant insert on contract_files to {schema}_staff, {schema}_worker;

create policy worker on contract_seal_keys to {schema}_worker using (true) with check (true);
create policy staff_reads on contract_seal_keys for select to {schema}_staff using (true);
grant select, insert on contract_seal_keys to {schema}_worker;
grant select (id, certificate, made_at) on contract_seal_keys to {schema}_staff;

grant insert, update (ended_at) on subscriptions to {schema}_worker;
grant insert, update (products, until_at) on entitlements to {schema}_staff, {schema}_worker;

create policy tenant_asks on questions for insert to {schema}_tenant with check (organization_id = current_organization());
create policy tenant_moves on questions for update to {schema}_tenant
  using (organization_id = current_organization()) with check (organization_id = current_organization());
grant insert on questions to {schema}_tenant;
grant update (state, moved_at, request_id) on questions to {schema}_tenant;
grant update (state, moved_at) on questions to {schema}_staff;
create policy tenant_says on question_messages for insert to {schema}_tenant
  with check (organization_id = current_organization() and side = 'partner');
grant insert on question_messages to {schema}_tenant, {schema}_staff;
