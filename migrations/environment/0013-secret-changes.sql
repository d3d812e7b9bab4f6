-- What a node keeps in memory of a client holds until the client's row changes. A secret that comes or ends is such a change.
create function secret_changes_client() returns trigger language plpgsql as $$
begin
  update clients set epoch = epoch where client_id = new.client_id;
  return null;
end
$$;
create trigger client_secrets_change_client after insert or update of expires_at, revoked_at, hash on client_secrets
  for each row execute function secret_changes_client();
