-- One row: a finding that fulfils one row of a criterion in an episode. Findings that overlap or touch
-- the episode's window are used; where a criterion asks for min_hours, only runs that last so long.
with expanded as (
    select
        *,
        'level' as ROWKIND
    from criteria
    union all
    -- The gate of a row is one more row that must hold at the same time.
    select
        * replace (GATE as LADDER, 1 as MIN_LEVEL, 1 as MAX_LEVEL, 0 as MIN_HOURS, 0 as WITHIN_H),
        'gate'
    from criteria
    where GATE is not null
),

joined as (
    select
        e.STUDYID,
        e.USUBJID,
        e.EPISEQ,
        c.SYSTEM,
        c.GRADE,
        c.CRITERION,
        c.ROWNO,
        c.ROWKIND,
        c.MIN_HOURS,
        f.LADDER,
        f."LEVEL",
        f.START,
        f."END",
        0 as GATERANK,
        -- A finding that counts although it lies up to WITHIN_H outside is taken at the window's edge.
        case when c.WITHIN_H > 0 then least(greatest(f.START, e.START), e."END" - 1) else f.START end as H0,
        case when c.WITHIN_H > 0 then greatest(f."END", e.START + 1) else f."END" end as H1,
        f.PRECISION,
        f.SRCDOM,
        f.SRCSEQ,
        f.SRCVAR,
        f.VALUE,
        f."TEXT",
        f.FLAGS
    from episodes as e
    inner join findings as f on e.USUBJID = f.USUBJID and f.ATTRIBUTED_ELSEWHERE is null
    inner join expanded as c
        on f.LADDER = c.LADDER and f."LEVEL" between c.MIN_LEVEL and c.MAX_LEVEL and c.ROWKIND = 'level'
    where
        f.START - c.WITHIN_H * 3600 <= e."END"
        and f."END" + c.WITHIN_H * 3600 >= e.START
    union all
    select
        e.STUDYID,
        e.USUBJID,
        e.EPISEQ,
        c.SYSTEM,
        c.GRADE,
        c.CRITERION,
        c.ROWNO,
        c.ROWKIND,
        0,
        g.LADDER,
        1,
        g.START,
        g."END",
        g.GATERANK,
        g.START as H0,
        g."END" as H1,
        g.PRECISION,
        g.SRCDOM,
        g.SRCSEQ,
        g.SRCVAR,
        g.VALUE,
        g."TEXT",
        null
    from episodes as e
    inner join gates as g on e.USUBJID = g.USUBJID and e.EPISEQ = g.EPISEQ
    inner join expanded as c on c.ROWKIND = 'gate' and g.LADDER = c.LADDER
),

-- Runs of touching findings that fulfil the same row.
reach as (
    select
        *,
        max(H1) over (
            partition by USUBJID, EPISEQ, SYSTEM, CRITERION, ROWNO, ROWKIND
            order by H0, H1, SRCDOM, SRCSEQ
            rows between unbounded preceding and 1 preceding
        ) as PREV_H1
    from joined
    where MIN_HOURS > 0
),

runs as (
    select
        *,
        sum(case when PREV_H1 is null or H0 > PREV_H1 then 1 else 0 end) over (
            partition by USUBJID, EPISEQ, SYSTEM, CRITERION, ROWNO, ROWKIND
            order by H0, H1, SRCDOM, SRCSEQ
        ) as RUN
    from reach
),

long_runs as (
    select
        *,
        max(H1) over w - min(H0) over w as LASTED,
        bool_or(coalesce(FLAGS like '%DURATION_ASSUMED%', false)) over w as ASSUMED
    from runs
    window w as (partition by USUBJID, EPISEQ, SYSTEM, CRITERION, ROWNO, ROWKIND, RUN)
)

select * from joined
where MIN_HOURS = 0
union all by name
select * exclude (PREV_H1, RUN, LASTED, ASSUMED)
from long_runs
where LASTED >= MIN_HOURS * 3600 or (ASSUMED and $missing_duration = 'satisfied')
order by STUDYID, USUBJID, EPISEQ, SYSTEM, CRITERION, ROWNO, ROWKIND, H0, SRCDOM, SRCSEQ
