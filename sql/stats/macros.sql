-- Where a row of time to event comes from, read from the member list 'DOM:SEQ DOM:SEQ'.

create or replace macro member_domain(members, nth) as
split_part(split_part(members, ' ', nth), ':', 1);

create or replace macro member_seq(members, nth) as
try_cast(split_part(split_part(members, ' ', nth), ':', 2) as bigint);

-- Findings have one time, events a start and an end; a study without dates has only days.
create or replace macro start_variable(dom, timed) as
dom || case when dom = 'FA' then '' else 'ST' end || case when timed then 'DTC' else 'DY' end;

create or replace macro end_variable(dom, timed) as
dom || case when dom = 'FA' then '' else 'EN' end || case when timed then 'DTC' else 'DY' end;
