-- One row: a subject with at least one dose, with the last day that statistics look at.
with last_doses as (
    select
        STUDYID,
        USUBJID,
        max(EXSTDY) as DY
    from doses
    group by STUDYID, USUBJID
)

select
    a.STUDYID,
    a.USUBJID,
    a.COHORT,
    a.PRODUCT,
    a.REFDT,
    -- A death known to the month only is taken on its last possible day, never before what was seen.
    greatest(a.DTHDY, coalesce(study_day(a.DTHS - 1), a.DTHDY)) as DTHDY,
    a.DSDY,
    a.DSREAS,
    a.FUPREAS,
    -- A subject without a stated end of follow-up was seen at least until then.
    greatest(1, coalesce(a.FUPDY, a.DTHDY, d.DY, 1)) as FUPDY
from adsl as a
left join last_doses as d on a.STUDYID = d.STUDYID and a.USUBJID = d.USUBJID
where a.SAFFL = 'Y'
order by a.STUDYID, a.USUBJID
