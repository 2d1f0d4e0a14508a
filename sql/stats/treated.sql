-- One row: a subject with at least one dose, with the last day that statistics look at.
with last_doses as (
    select
        STUDYID,
        USUBJID,
        max(EXSTDY) as DY
    from doses
    group by STUDYID, USUBJID
),

-- CRS is looked for up to FUPDY, which is no later than the study collected adverse events; an
-- episode that has begun is followed to SEENDY.
seen as (
    select
        a.STUDYID,
        a.USUBJID,
        -- A subject without a stated end of follow-up was seen at least until then.
        greatest(1, coalesce(a.FUPDY, a.DTHDY, d.DY, 1)) as SEENDY,
        case when d.DY is not null then greatest(1, d.DY) + $ae_collection_days end as COLLDY
    from adsl as a
    left join last_doses as d on a.STUDYID = d.STUDYID and a.USUBJID = d.USUBJID
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
    case when s.COLLDY < s.SEENDY then 'end of AE collection' else a.FUPREAS end as FUPREAS,
    least(s.SEENDY, coalesce(s.COLLDY, s.SEENDY)) as FUPDY,
    s.COLLDY,
    s.SEENDY,
    a.FUPREAS as SEENREAS
from adsl as a
inner join seen as s on a.STUDYID = s.STUDYID and a.USUBJID = s.USUBJID
where a.SAFFL = 'Y'
order by a.STUDYID, a.USUBJID
