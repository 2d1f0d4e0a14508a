-- One row: a stretch of an episode in which a gate is open, whatever opens it. Grades need no more than
-- that; what opened it matters to the evidence alone.
with seen as (
    select
        *,
        max("END") over (
            partition by USUBJID, EPISEQ, LADDER
            order by START, "END"
            rows between unbounded preceding and 1 preceding
        ) as PREV_END
    from gates
),

runs as (
    select
        *,
        sum(case when PREV_END is null or START > PREV_END then 1 else 0 end) over (
            partition by USUBJID, EPISEQ, LADDER
            order by START, "END"
        ) as RUN
    from seen
)

select
    USUBJID,
    EPISEQ,
    LADDER,
    min(GATERANK) as GATERANK,
    min(START) as START,
    max("END") as "END",
    cast(null as varchar) as PRECISION,
    cast(null as varchar) as SRCDOM,
    cast(null as bigint) as SRCSEQ,
    cast(null as varchar) as SRCVAR,
    cast(null as double) as VALUE,
    cast(null as varchar) as "TEXT"
from runs
group by USUBJID, EPISEQ, LADDER, RUN
order by USUBJID, EPISEQ, LADDER, START
