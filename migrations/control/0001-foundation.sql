-- Who may see what. The owner of the tables is nobody at run time: every transaction becomes one of these roles, and
-- row-level security shows it what its setting names. Roles belong to one schema, so that not even a qualified name
-- leads from one environment into the other.
do $$
declare
  role_name text;
begin
  foreach role_name in array array['{schema}_tenant', '{schema}_staff', '{schema}_worker', '{schema}_client_lookup'] loop
    if not exists (select from pg_roles where rolname = role_name) then
      execute format('create role %I nologin', role_name);
    end if;
    execute format('grant %I to current_user', role_name);
    execute format('grant usage on schema {schema} to %I', role_name);
  end loop;
end
$$;

-- An absent and an empty setting both match nothing.
create function current_organization() returns text language sql stable
  as $$ select nullif(current_setting('app.organization', true), '') $$;

create function current_client() returns text language sql stable
  as $$ select nullif(current_setting('app.client', true), '') $$;
