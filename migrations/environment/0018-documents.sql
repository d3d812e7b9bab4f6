-- Cases are searched newest first: by company, and by each provider that it acts for.
create index case_parties_by_npi on case_parties (npi, case_id);

-- A search is one entry that names every case it found, so that whoever is asked who saw a case finds the search too.
create index audit_entries_by_found on audit_entries using gin (string_to_array(detail ->> 'cases', ' '))
  where act = 'authorization.search';
