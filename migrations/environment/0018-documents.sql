-- Cases are searched newest first: by company, and by each provider that it acts for.
create index case_parties_by_npi on case_parties (npi, case_id);

-- A search is one entry that names every case it found, so that whoever is asked who saw a case finds the search too.
create index audit_entries_by_found on audit_entries using gin (string_to_array(detail ->> 'cases', ' '))
  where act = 'authorization.search';

-- What was sent along with a case: clinical notes, images. Bytes, names and control numbers are sealed with the payer's
-- data key.
create table documents (
  case_id text not null references authorizations,
  document_id text not null,
  -- The company that added it.
  organization_id text not null,
  media_type text not null,
  bytes integer not null check (bytes > 0),
  -- SHA-256 of the bytes as they came: the same document sent twice is one.
  content_hash bytea not null check (length(content_hash) = 32),
  added_at timestamptz not null,
  sealed_facts bytea not null,
  sealed_content bytea not null,
  primary key (case_id, document_id),
  unique (case_id, organization_id, content_hash)
);
-- Sealed bytes do not compress.
alter table documents alter sealed_facts set storage external, alter sealed_content set storage external;

alter table documents enable row level security;
alter table documents force row level security;
grant select on documents to {schema}_tenant, {schema}_staff, {schema}_worker;
grant insert on documents to {schema}_tenant;
-- Whoever may see a case may see what was sent along with it, and may add to it. "offset 0" as for the case's own tables.
create policy participant_adds on documents for insert to {schema}_tenant
  with check (organization_id = current_organization()
    and exists (select from authorizations where authorizations.case_id = documents.case_id offset 0));
create policy participant_reads on documents for select to {schema}_tenant
  using (exists (select from authorizations where authorizations.case_id = documents.case_id offset 0));
create policy staff_reads on documents for select to {schema}_staff
  using (exists (select from authorizations where authorizations.case_id = documents.case_id offset 0));
create policy worker_reads on documents for select to {schema}_worker using (true);
