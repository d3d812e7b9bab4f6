-- The record, sealed: entries commit as before, and within a second one process per database puts the committed ones
-- in an order, chains their hashes and signs the head. What was sealed cannot be changed without being named.

-- Late commits: the sealer stops below the oldest transaction that still runs, so that none is skipped.
alter table audit_entries add column written_in xid8 not null default pg_current_xact_id();
create index audit_entries_by_writing on audit_entries (written_in, id);
create index audit_entries_by_subject on audit_entries (on_id, id) where on_id is not null;

-- What heads are signed with. Only the sealer reads the private half, which the vault has sealed.
create table audit_keys (
  key_id text primary key,
  -- Ed25519, as RFC 8032 section 5.1.5 encodes it.
  public_key bytea not null check (length(public_key) = 32),
  private_key_sealed bytea not null,
  created_at timestamptz not null
);

-- Where each entry stands in the chain. It outlives its entry, so that a removed one is named: hence no foreign key.
create table audit_links (
  ordinal bigint primary key check (ordinal > 0),
  entry_id text not null unique,
  -- SHA-256 of the entry's columns.
  row_hash bytea not null check (length(row_hash) = 32),
  -- Keyed hash of the three above, under a key outside the database: tells which row of a batch was touched.
  tag bytea not null check (length(tag) = 32)
);

-- One row for each batch.
create table audit_seals (
  last_ordinal bigint primary key,
  first_ordinal bigint not null check (first_ordinal > 0 and first_ordinal <= last_ordinal),
  previous_head bytea not null check (length(previous_head) = 32),
  -- SHA-256 of the previous head and the row hashes, in order.
  head bytea not null check (length(head) = 32),
  key_id text not null references audit_keys (key_id),
  signature bytea not null check (length(signature) = 64),
  sealed_at timestamptz not null,
  -- The last entry, in the order that entries are sealed in: the next batch begins behind it.
  through_written_in xid8 not null,
  through_id text not null
);

alter table audit_keys enable row level security;
alter table audit_keys force row level security;
alter table audit_links enable row level security;
alter table audit_links force row level security;
alter table audit_seals enable row level security;
alter table audit_seals force row level security;

-- The sealer adds; nobody changes or removes.
grant select on audit_entries to {schema}_worker;
create policy worker_reads on audit_entries for select to {schema}_worker using (true);
grant select, insert on audit_keys, audit_links, audit_seals to {schema}_worker;
create policy worker_reads on audit_keys for select to {schema}_worker using (true);
create policy worker_adds on audit_keys for insert to {schema}_worker with check (true);
create policy worker_reads on audit_links for select to {schema}_worker using (true);
create policy worker_adds on audit_links for insert to {schema}_worker with check (true);
create policy worker_reads on audit_seals for select to {schema}_worker using (true);
create policy worker_adds on audit_seals for insert to {schema}_worker with check (true);

grant select on audit_links, audit_seals to {schema}_staff;
grant select (key_id, public_key, created_at) on audit_keys to {schema}_staff;
create policy staff_reads on audit_keys for select to {schema}_staff using (true);
create policy staff_reads on audit_links for select to {schema}_staff using (true);
create policy staff_reads on audit_seals for select to {schema}_staff using (true);
