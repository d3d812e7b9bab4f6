-- How an orchestration asks what became of the services that need authorization: one inquiry for each service line, or one
-- for each who reviews on the payer's behalf.
alter table payers add column inquiry_split text not null default 'line'
  check (inquiry_split in ('line', 'reviewer'));
