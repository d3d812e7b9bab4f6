-- Who may see what. The owner of the tables is nobody at run time: every transaction becomes one of these roles, and
-- row-level security shows it what its setting names. Roles belong to one schema, so that not even a qualified name
-- leads from one environment into the other.
do $$
declare
  role_name text;
begin
  -- Roles belong to the whole server, and schemas may be made at the same moment.
  perform pg_advisory_xact_lock(hashtextextended('countersign.roles', 0));
  foreach role_name in array array['{schema}_tenant', '{schema}_staff', '{schema}_worker', '{schema}_client_lookup'] loop
    if not exists (select from pg_roles where rolname = role_name) then
      begin
        execute format('create role %I nologin noinherit', role_name);
      exception when duplicate_object or unique_violation then
        null; -- another database of this server, which the lock does not reach, was faster
      end;
    end if;
    -- Becoming a role is all that is wanted, not having its rights meanwhile; before PostgreSQL 16 there is no such
    -- distinction. Who may already become it (a superuser, or a user whom the roles were granted to) is left as is.
    if current_setting('server_version_num')::int < 160000 then
      if not pg_has_role(current_user, role_name, 'member') then
        execute format('grant %I to current_user', role_name);
      end if;
    elsif not pg_has_role(current_user, role_name, 'set') then
      execute format('grant %I to current_user with inherit false, set true', role_name);
    end if;
    execute format('grant usage on schema {schema} to %I', role_name);
  end loop;
end
$$;

-- An absent and an empty setting both match nothing.
create function current_organization() returns text language sql stable parallel safe
  as $$ select nullif(current_setting('app.organization', true), '') $$;

create function current_client() returns text language sql stable parallel safe
  as $$ select nullif(current_setting('app.client', true), '') $$;

revoke execute on function current_organization(), current_client() from public;
grant execute on function current_organization(), current_client()
  to {schema}_tenant, {schema}_staff, {schema}_worker, {schema}_client_lookup;
