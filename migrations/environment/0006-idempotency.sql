-- What was answered to a request, so that the same request gets the same answer. Keys may hold anything, so only their
-- keyed hash is kept; the answer is sealed with the payer's data key.
create table idempotency_keys (
  organization_id text not null,
  route text not null,
  key_hash bytea not null,
  fingerprint bytea not null,
  request_id text not null,
  -- Whose key sealed the answer; absent when no payer was involved.
  payer_id text,
  sealed_answer bytea not null,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  primary key (organization_id, route, key_hash)
);
create index idempotency_keys_by_expiry on idempotency_keys (expires_at);

-- Sealed bytes do not compress.
alter table idempotency_keys alter sealed_answer set storage external, set (toast_tuple_target = 8160);

alter table idempotency_keys enable row level security;
alter table idempotency_keys force row level security;

grant select, insert, update on idempotency_keys to {schema}_tenant;
create policy tenant_keeps_its_own on idempotency_keys to {schema}_tenant
  using (organization_id = current_organization()) with check (organization_id = current_organization());

-- The worker prunes; it has no business with the answers.
grant select (organization_id, route, key_hash, expires_at), delete on idempotency_keys to {schema}_worker;
create policy worker_prunes on idempotency_keys to {schema}_worker using (true);

-- Takes a key for this transaction without waiting, and reads what is kept under it, in one round trip. A volatile
-- function sees the database anew at each of its statements: the second sees what the last holder of the lock committed.
create function take_idempotency_key(lock_number bigint, organization text, path text, key bytea, present timestamptz)
returns table (taken boolean, fingerprint bytea, request_id text, payer_id text, sealed_answer bytea)
language plpgsql volatile as $$
begin
  if not pg_try_advisory_xact_lock(lock_number) then
    return query select false, null::bytea, null::text, null::text, null::bytea;
    return;
  end if;
  return query
    select true, kept.fingerprint, kept.request_id, kept.payer_id, kept.sealed_answer
    from (values (1)) as always
    left join idempotency_keys as kept on kept.organization_id = organization and kept.route = path
      and kept.key_hash = key and kept.expires_at > present;
end
$$;
revoke execute on function take_idempotency_key from public;
grant execute on function take_idempotency_key to {schema}_tenant;
