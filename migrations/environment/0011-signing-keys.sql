-- The life of a signing key, by moments: known to all (published), signing, retired. Of the keys that sign, the one that
-- began last does, so every node that has read the rows finds the same one by the clock.
alter table signing_keys rename column created_at to published_at;
alter table signing_keys add column signs_from timestamptz;
-- Every key so far signed from the moment it was made. Their owner sees no rows while row-level security is forced on it.
alter table signing_keys no force row level security;
update signing_keys set signs_from = published_at;
alter table signing_keys force row level security;
alter table signing_keys alter signs_from set not null;
alter table signing_keys add check (signs_from >= published_at), add check (retire_at >= published_at);
-- The private half is removed when the key will sign no more; the public half stays, for whoever examines old tokens.
alter table signing_keys alter private_key_sealed drop not null;
