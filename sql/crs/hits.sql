-- One row: a finding that fulfils one row of a criterion in an episode. Findings that overlap or touch
-- the episode's window are used. Where a criterion asks for min_hours, a finding counts as part of an
-- uninterrupted run that lasts so long, the run taken whole, also where it reaches out of the window.
with level_rows as (
    select
        f.STUDYID,
        f.USUBJID,
        c.SYSTEM,
        c.GRADE,
        c.CRITERION,
        c.ROWNO,
        c.MIN_HOURS,
        c.WITHIN_H,
        f.LADDER,
        f."LEVEL",
        f.START,
        f."END",
        f.PRECISION,
        f.SRCDOM,
        f.SRCSEQ,
        f.SRCVAR,
        f.VALUE,
        f."TEXT",
        f.FLAGS
    from findings as f
    inner join criteria as c on f.LADDER = c.LADDER and f."LEVEL" between c.MIN_LEVEL and c.MAX_LEVEL
    where
        f.ATTRIBUTED_ELSEWHERE is null
        -- An infusion without a stop has the length that pressor_open_h gives it, or none (4.22).
        and (
            c.MIN_HOURS = 0
            or $missing_duration = 'satisfied'
            or coalesce(f.FLAGS not like '%DURATION_ASSUMED%', true)
        )
),

reach as (
    select
        *,
        max("END") over (
            partition by USUBJID, ROWNO
            order by START, "END", SRCDOM, SRCSEQ
            rows between unbounded preceding and 1 preceding
        ) as PREV_END
    from level_rows
    where MIN_HOURS > 0
),

runs as (
    select
        *,
        sum(case when PREV_END is null or START > PREV_END then 1 else 0 end) over (
            partition by USUBJID, ROWNO
            order by START, "END", SRCDOM, SRCSEQ
        ) as RUN
    from reach
),

measured as (
    select
        *,
        max("END") over run as RUN_END,
        min(START) over run as RUN_START
    from runs
    window run as (partition by USUBJID, ROWNO, RUN)
),

lasting as (
    select * from level_rows
    where MIN_HOURS = 0
    union all by name
    select * exclude (PREV_END, RUN, RUN_START, RUN_END)
    from measured
    where RUN_END - RUN_START >= MIN_HOURS * 3600
),

-- The last recorded episode before a death: a death due to CRS is its end, whenever it came.
last_before_death as (
    select
        f.USUBJID,
        f.SRCSEQ,
        max(e.EPISEQ) as EPISEQ
    from findings as f
    inner join
        episodes as e
        on f.USUBJID = e.USUBJID and e.START <= f."END" and e.SOURCE in ('AE', 'CE', 'FA')
    where f.LADDER = 'death' and f.SRCDOM = 'DD'
    group by f.USUBJID, f.SRCSEQ
)

select
    e.STUDYID,
    e.USUBJID,
    e.EPISEQ,
    l.SYSTEM,
    l.GRADE,
    l.CRITERION,
    l.ROWNO,
    'level' as ROWKIND,
    l.LADDER,
    l."LEVEL",
    l.START,
    l."END",
    0 as GATERANK,
    -- What counts although it lies outside is taken at the window's edge.
    case
        when l.WITHIN_H > 0 or d.EPISEQ is not null then least(greatest(l.START, e.START), e."END" - 1)
        else l.START
    end as H0,
    case when l.WITHIN_H > 0 then greatest(l."END", e.START + 1) else l."END" end as H1,
    l.PRECISION,
    l.SRCDOM,
    l.SRCSEQ,
    l.SRCVAR,
    l.VALUE,
    l."TEXT",
    l.FLAGS
from episodes as e
inner join lasting as l on e.USUBJID = l.USUBJID
left join members as m
    on e.USUBJID = m.USUBJID and e.EPISEQ = m.EPISEQ and l.SRCDOM = m.SRCDOM and l.SRCSEQ = m.SRCSEQ
left join last_before_death as d
    on
        e.USUBJID = d.USUBJID
        and e.EPISEQ = d.EPISEQ
        and l.LADDER = 'death'
        and l.SRCDOM = 'DD'
        and l.SRCSEQ = d.SRCSEQ
where
    case
        when l.LADDER = 'death' and l.SRCDOM = 'DD' then d.EPISEQ is not null
        else l.START - l.WITHIN_H * 3600 <= e."END" and l."END" + l.WITHIN_H * 3600 >= e.START
    end
    -- What a CRS record says of itself is said of its own episode.
    and (
        l.LADDER not in ('record', 'hospital', 'death')
        or l.SRCDOM not in ('AE', 'CE', 'FA')
        or m.SRCSEQ is not null
    )
union all
select
    e.STUDYID,
    e.USUBJID,
    e.EPISEQ,
    c.SYSTEM,
    c.GRADE,
    c.CRITERION,
    c.ROWNO,
    'gate' as ROWKIND,
    g.LADDER,
    1 as "LEVEL",
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
    null as FLAGS
from episodes as e
inner join gates as g on e.USUBJID = g.USUBJID and e.EPISEQ = g.EPISEQ
-- The gate of a row is one more row that must hold at the same time.
inner join criteria as c on g.LADDER = c.GATE
order by STUDYID, USUBJID, EPISEQ, SYSTEM, CRITERION, ROWNO, ROWKIND, H0, SRCDOM, SRCSEQ
