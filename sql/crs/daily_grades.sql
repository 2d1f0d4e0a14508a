-- One row: a CRS grade charted for one day (FA). Two rows that disagree on a day both stay.
select
    fa.STUDYID,
    fa.USUBJID,
    fa.FASEQ,
    cast(fa.FASTRESN as bigint) as GRADE,
    elapsed_day(clock_lo(fa.FADTM, fa.FAPRC, fa.FADY, s.REFDT, s.DYSHIFT)) as DAY
from sdtm_fa as fa
inner join adsl as s on fa.USUBJID = s.USUBJID and s.SAFFL = 'Y'
inner join terms as k on k.KIND = 'CRS' and regexp_matches(for_match(fa.FAOBJ), k.PATTERN)
where
    upper(fa.FATESTCD) = 'TOXGR'
    and fa.FASTRESN between 0 and 5
    and clock_lo(fa.FADTM, fa.FAPRC, fa.FADY, s.REFDT, s.DYSHIFT) is not null
order by fa.STUDYID, fa.USUBJID, fa.FASEQ
