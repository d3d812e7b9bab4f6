-- The providers that a company is or represents in an environment, whole, as the gateway gets them. Null: nothing is said
-- of providers, which a sandbox takes for "any" and production for "none".
alter table grants add column providers jsonb check (jsonb_typeof(providers) = 'array');
