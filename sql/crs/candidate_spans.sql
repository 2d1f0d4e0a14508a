-- One row: a run of signs with fever, after a dose, that no collected CRS record covers. Signs less than
-- resolution_gap_h apart are one run; it counts where the first fever lies within the onset window
-- (CAR-T: onset_window_d after the last dose, bispecific: 7 days).
with signs as (
    select
        f.STUDYID,
        f.USUBJID,
        f.LADDER,
        f.START,
        f."END",
        f.PRECISION,
        f.SRCDOM,
        f.SRCSEQ,
        max(f."END") over (
            partition by f.USUBJID order by f.START, f."END", f.SRCDOM, f.SRCSEQ, f.LADDER
            rows between unbounded preceding and 1 preceding
        ) as REACH
    from findings as f
    where
        f.LADDER in ('fever', 'hypotension', 'vasopressor', 'oxygen')
        and f.ATTRIBUTED_ELSEWHERE is null
        and f.START >= 0
),

runs as (
    select
        *,
        sum(case when REACH is null or START - REACH >= $resolution_gap_s then 1 else 0 end) over (
            partition by USUBJID order by START, "END", SRCDOM, SRCSEQ, LADDER
        ) as RUN
    from signs
),

-- A candidate begins with its first fever: signs before it are not CRS by any definition.
febrile as (
    select
        USUBJID,
        RUN,
        min(START) as START
    from runs
    where LADDER = 'fever'
    group by USUBJID, RUN
),

spans as (
    select
        r.STUDYID,
        r.USUBJID,
        r.RUN,
        any_value(f.START) as START,
        max(r."END") as "END",
        arg_min(r.PRECISION, r.START) as STPREC,
        arg_min(r.SRCDOM || ':' || r.SRCSEQ, (r.START, r.SRCSEQ)) filter (where r.LADDER = 'fever') as MEMBERS
    from runs as r
    inner join febrile as f on r.USUBJID = f.USUBJID and r.RUN = f.RUN
    where r."END" > f.START
    group by r.STUDYID, r.USUBJID, r.RUN
),

dosed as (
    select
        s.USUBJID,
        s.RUN,
        max(d.DOSESEQ) as DOSESEQ,
        max(d.START) as D_S
    from spans as s
    inner join doses as d on s.USUBJID = d.USUBJID and d.START <= s.START
    group by s.USUBJID, s.RUN
),

unreported as (
    select
        s.*,
        d.DOSESEQ,
        d.D_S
    from spans as s
    inner join dosed as d on s.USUBJID = d.USUBJID and s.RUN = d.RUN
    inner join adsl as a on s.USUBJID = a.USUBJID
    where
        elapsed_day(s.START) - elapsed_day(d.D_S)
        <= case when a.COHORT = 'bispecific' then 7 else $onset_window_d end
        and not exists (
            select 1 from episodes as e
            where
                e.USUBJID = s.USUBJID
                and e.START - 86400 <= s."END"
                and e."END" + 86400 >= s.START
        )
)

select
    STUDYID,
    USUBJID,
    row_number() over (partition by USUBJID order by START) as EPISEQ,
    START,
    "END",
    STPREC,
    DOSESEQ,
    study_day(START) as ASTDY,
    study_day("END" - 1) as AENDY,
    elapsed_day(START) - elapsed_day(D_S) as ONSET_D,
    'VS' as SOURCE,
    MEMBERS
from unreported
order by STUDYID, USUBJID, EPISEQ
