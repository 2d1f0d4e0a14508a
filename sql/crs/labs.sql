-- One row: a laboratory value on both clocks. A sample belongs to the last episode that had begun by
-- its day, or to the first one up to three days before it.
with placed as (
    select
        v.*,
        case when v.P in ('time', 'day') then elapsed_day(v.S) end as D,
        -- A sample without a clock time sees the doses of its day.
        case when v.P = 'time' then v.S when v.P = 'day' then v.E - 1 end as SEEN
    from lab_values as v
),

dosed as (
    select
        p.USUBJID,
        p.LBSEQ,
        max(d.START) as DOSE
    from placed as p
    inner join doses as d on p.USUBJID = d.USUBJID and p.SEEN >= d.START
    group by p.USUBJID, p.LBSEQ
),

matched as (
    select
        p.USUBJID,
        p.LBSEQ,
        e.EPISEQ,
        p.D - elapsed_day(e.START) as D_FROM_ONSET
    from placed as p
    inner join episodes as e on p.USUBJID = e.USUBJID and p.D >= elapsed_day(e.START) - 3
    where p.D >= elapsed_day(e.START) or e.EPISEQ = 1
    qualify row_number() over (partition by p.USUBJID, p.LBSEQ order by e.EPISEQ desc) = 1
)

select
    p.STUDYID,
    p.USUBJID,
    p.LBSEQ,
    p.LBTESTCD,
    p.TEST,
    p."GROUP",
    p.VALUE,
    p.UNIT,
    p.WORST,
    p.LLN,
    p.ULN,
    p.CENSORED,
    p.REASON,
    p.S as START,
    case when p.D is not null then study_day(p.S) end as LBDY,
    p.P as PRECISION,
    p.BASELINE,
    p.D as D_FROM_DOSE,
    p.D - elapsed_day(d.DOSE) as D_FROM_LAST,
    m.EPISEQ,
    m.D_FROM_ONSET
from placed as p
left join dosed as d on p.USUBJID = d.USUBJID and p.LBSEQ = d.LBSEQ
left join matched as m on p.USUBJID = m.USUBJID and p.LBSEQ = m.LBSEQ
order by p.STUDYID, p.USUBJID, p.LBSEQ
