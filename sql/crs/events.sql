-- One row: an adverse event that is reported beside CRS and never mixed into its grade.
with terms_used as (
    select distinct
        TERM,
        for_match(TERM) as T
    from ae_timed
    where KIND is distinct from 'CRS'
),

known as (
    select
        t.TERM,
        k.EVENT
    from terms_used as t
    inner join event_terms as k on regexp_matches(t.T, k.PATTERN)
    qualify row_number() over (partition by t.TERM order by k."ORDER") = 1
),

placed as (
    select
        a.*,
        k.EVENT,
        greatest(coalesce(a.E, a.S_HI), a.S + 1) as E_SEEN,
        s.REFDT
    from ae_timed as a
    inner join known as k on a.TERM = k.TERM
    inner join adsl as s on a.USUBJID = s.USUBJID
    where a.S is not null
),

-- The episode that it overlaps, else the last one before it, else the first one after it.
matched as (
    select
        p.*,
        e.EPISEQ,
        e.START as ONSET,
        case
            when e.EPISEQ is null then 'no CRS'
            when p.S <= e."END" and p.E_SEEN >= e.START then 'with CRS'
            when p.S > e."END" then 'after CRS'
            else 'before CRS'
        end as RELATION
    from placed as p
    left join episodes as e on p.USUBJID = e.USUBJID
    qualify
        row_number() over (
            partition by p.USUBJID, p.AESEQ
            order by
                case
                    when p.S <= e."END" and p.E_SEEN >= e.START then 1
                    when p.S > e."END" then 2
                    else 3
                end,
                case when p.S > e."END" then -e.EPISEQ else e.EPISEQ end
        ) = 1
),

dosed as (
    select
        m.USUBJID,
        m.AESEQ,
        max(d.START) as DOSE
    from matched as m
    inner join doses as d on m.USUBJID = d.USUBJID and elapsed_day(d.START) <= elapsed_day(m.S)
    group by m.USUBJID, m.AESEQ
)

select
    m.STUDYID,
    m.USUBJID,
    m.EVENT,
    m.AESEQ as SRCSEQ,
    'AE' as SRCDOM,
    m.AETOXGR as GRADE,
    m.S as START,
    m.E as "END",
    study_day(m.S) as ASTDY,
    study_day(m.E - 1) as AENDY,
    m.SP as PRECISION,
    case when m.UNRELATED then 'Y' end as UNRELATED,
    m.EPISEQ,
    m.RELATION,
    elapsed_day(m.S) - elapsed_day(d.DOSE) as D_FROM_DOSE,
    elapsed_day(m.S) - elapsed_day(m.ONSET) as D_FROM_ONSET
from matched as m
left join dosed as d on m.USUBJID = d.USUBJID and m.AESEQ = d.AESEQ
order by m.STUDYID, m.USUBJID, m.EVENT, SRCSEQ
