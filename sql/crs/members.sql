-- One row: a collected CRS record and the episode that it belongs to (gaps and islands).
-- Two records belong together when the time between them is under merge_gap_h: hours where both
-- bounds have a clock time, else free days x 24. A dose in the free time starts a new episode, and so
-- does a dose on the first day of a touching record if the record before was resolved.
with dose_before_next as (
    -- The first dose after a record without an end that a later record follows.
    select
        r.USUBJID,
        r.SRCDOM,
        r.SRCSEQ,
        min(d.START) as NEXT_DOSE
    from records as r
    inner join doses as d on r.USUBJID = d.USUBJID and d.START > r.S
    inner join records as n on r.USUBJID = n.USUBJID and elapsed_day(n.S) >= elapsed_day(d.START)
    where r.E is null
    group by r.USUBJID, r.SRCDOM, r.SRCSEQ
),

-- How far a record reaches. Without an end it reaches on, unless it is not said to be ongoing and a
-- dose and another record followed: then it was over by that dose, on a day that is not stated.
reaching as (
    select
        r.*,
        case
            when r.E is not null then r.E
            when
                b.NEXT_DOSE is not null
                and coalesce(r.OUTCOME not in ('NOT RECOVERED/NOT RESOLVED', 'RECOVERING/RESOLVING'), true)
                then greatest(elapsed_day(b.NEXT_DOSE) * 86400, r.S + 1)
            else 9000000000
        end as REACHES,
        coalesce(r.EP = 'time', false) as END_TIMED,
        r.RESOLVED or (r.E is null and b.NEXT_DOSE is not null) as IS_OVER
    from records as r
    left join dose_before_next as b
        on r.USUBJID = b.USUBJID and r.SRCDOM = b.SRCDOM and r.SRCSEQ = b.SRCSEQ
),

-- The record that reaches furthest so far; of two that end at once, the one begun later.
before as (
    select
        *,
        max(REACHES) over earlier as PREV_E,
        arg_max(END_TIMED, (REACHES, S, SRCSEQ)) over earlier as PREV_TIMED,
        arg_max(IS_OVER, (REACHES, S, SRCSEQ)) over earlier as PREV_RESOLVED
    from reaching
    window earlier as (
        partition by USUBJID order by S, REACHES, SRCSEQ
        rows between unbounded preceding and 1 preceding
    )
),

gaps as (
    select
        *,
        SP = 'time' and PREV_TIMED as TIMED,
        elapsed_day(S) as S_DAY,
        case when PREV_TIMED then elapsed_day(PREV_E) else elapsed_day(PREV_E - 1) end as PREV_DAY
    from before
),

dosed as (
    select
        g.USUBJID,
        g.SRCDOM,
        g.SRCSEQ,
        bool_or(
            case
                when g.TIMED and d.PRECISION = 'time'
                    then
                        (g.S > g.PREV_E and d.START between g.PREV_E and g.S)
                        or (g.S = g.PREV_E and d.START = g.S and g.PREV_RESOLVED)
                when g.S_DAY - g.PREV_DAY - 1 >= 1
                    then elapsed_day(d.START) > g.PREV_DAY and elapsed_day(d.START) <= g.S_DAY
                else elapsed_day(d.START) = g.S_DAY and g.S_DAY >= g.PREV_DAY and g.PREV_RESOLVED
            end
        ) as DOSE_BETWEEN
    from gaps as g
    inner join doses as d on g.USUBJID = d.USUBJID
    where g.PREV_E is not null
    group by g.USUBJID, g.SRCDOM, g.SRCSEQ
),

opened as (
    select
        g.*,
        case
            when g.PREV_E is null then 1
            when $reindex_on_dose and coalesce(d.DOSE_BETWEEN, false) then 1
            when g.TIMED and g.S - g.PREV_E < $merge_gap_s then 0
            when not g.TIMED and (g.S_DAY - g.PREV_DAY - 1) * 86400 < $merge_gap_s then 0
            else 1
        end as IS_NEW
    from gaps as g
    left join dosed as d on g.USUBJID = d.USUBJID and g.SRCDOM = d.SRCDOM and g.SRCSEQ = d.SRCSEQ
)

select
    STUDYID,
    USUBJID,
    cast(sum(IS_NEW) over (partition by USUBJID order by S, REACHES, SRCSEQ) as bigint)
        as EPISEQ,
    SRCDOM,
    SRCSEQ,
    S,
    SP,
    E,
    EP,
    GRADE,
    GRADEVAR,
    OUTCOME,
    RESOLVED,
    FATAL,
    FLAGS
from opened
order by STUDYID, USUBJID, EPISEQ, S, SRCSEQ
