-- One row: a collected CRS record and the episode that it belongs to (gaps and islands).
-- Two records belong together when the time between them is under merge_gap_h: hours where both
-- bounds have a clock time, else free days x 24. A dose in the free time starts a new episode, and so
-- does a dose on the first day of a touching record if the record before was resolved. A record that
-- resolved on a day that is not stated may reach to the next one, but not across a dose.
with in_order as (
    select
        *,
        -- End, precision and outcome of the record that reaches furthest so far, in one number.
        max(
            coalesce(E, 9000000000) * 4
            + case when EP = 'time' then 2 else 0 end
            + case when RESOLVED then 1 else 0 end
        )
            over (
                partition by USUBJID order by S, coalesce(E, 9000000000), SRCSEQ
                rows between unbounded preceding and 1 preceding
            ) as REACH,
        lag(S) over (partition by USUBJID order by S, coalesce(E, 9000000000), SRCSEQ) as PREV_S
    from records
),

before as (
    select
        *,
        REACH // 4 as PREV_E,
        (REACH // 2) % 2 = 1 as PREV_TIMED,
        REACH % 2 = 1 as PREV_RESOLVED
    from in_order
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
                when g.PREV_E = 9000000000
                    then g.PREV_RESOLVED and d.START > g.PREV_S and elapsed_day(d.START) <= g.S_DAY
                when g.TIMED and d.PRECISION = 'time'
                    then
                        (g.S > g.PREV_E and d.START between g.PREV_E and g.S)
                        or (g.S = g.PREV_E and d.START = g.S and g.PREV_RESOLVED)
                when g.S_DAY - g.PREV_DAY - 1 >= 1
                    then elapsed_day(d.START) > g.PREV_DAY and elapsed_day(d.START) <= g.S_DAY
                else elapsed_day(d.START) = g.S_DAY and g.PREV_RESOLVED
            end
        ) as DOSE_BETWEEN
    from gaps as g
    inner join doses as d on g.USUBJID = d.USUBJID
    where g.REACH is not null
    group by g.USUBJID, g.SRCDOM, g.SRCSEQ
),

opened as (
    select
        g.*,
        case
            when g.REACH is null then 1
            when $reindex_on_dose and coalesce(d.DOSE_BETWEEN, false) then 1
            when g.TIMED and g.S - g.PREV_E < $merge_gap_h * 3600 then 0
            when not g.TIMED and (g.S_DAY - g.PREV_DAY - 1) * 24 < $merge_gap_h then 0
            else 1
        end as IS_NEW
    from gaps as g
    left join dosed as d on g.USUBJID = d.USUBJID and g.SRCDOM = d.SRCDOM and g.SRCSEQ = d.SRCSEQ
)

select
    STUDYID,
    USUBJID,
    cast(sum(IS_NEW) over (partition by USUBJID order by S, coalesce(E, 9000000000), SRCSEQ) as bigint)
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
