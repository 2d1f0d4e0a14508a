-- One row: an administration of a trigger product. Rows of one product that start within dose_join_h
-- of the end of the row before (or on one day, where there are no times) are one administration.
with trigger_rows as (
    select
        ex.STUDYID,
        ex.USUBJID,
        ex.EXSEQ,
        p.PRODUCT,
        ex.EXDOSE,
        ex.EXDOSU,
        coalesce(ex.EXSTDTM, case when ex.EXSTDY is null then dm.RFXSTDTM end) as STDTM,
        coalesce(ex.EXSTPRC, case when ex.EXSTDY is null then dm.RFXSTPRC end) as STPRC,
        coalesce(ex.EXSTDTX, case when ex.EXSTDY is null then dm.RFXSTDTX end) as STDTX,
        ex.EXSTDY,
        ex.EXENDTX,
        ex.EXENPRC,
        ex.EXENDY
    from sdtm_ex as ex
    inner join products as p on for_match(ex.EXTRT) = p.EXTRT
    left join sdtm_dm as dm on ex.USUBJID = dm.USUBJID
    where p.ROLE = 'trigger' and (ex.EXDOSE is null or ex.EXDOSE > 0)
),

-- Day 1 is the day of the first trigger dose, on the calendar or on the study's own --DY axis.
reference as (
    select
        USUBJID,
        cast(min(STDTM) as date) as REFDT,
        case
            when min(STDTM) is null then min(day_index(EXSTDY))
            else coalesce(arg_min(day_index(EXSTDY), (STDTM, EXSTDY)) filter (where EXSTDY is not null), 0)
        end as DYSHIFT
    from trigger_rows
    where STDTM is not null or EXSTDY is not null
    group by USUBJID
),

timed as (
    select
        t.STUDYID,
        t.USUBJID,
        t.EXSEQ,
        t.PRODUCT,
        t.EXDOSE,
        t.EXDOSU,
        r.REFDT,
        clock_lo(t.STDTM, t.STPRC, t.EXSTDY, r.REFDT, r.DYSHIFT) as S,
        coalesce(
            clock_hi(t.EXENDTX, t.EXENPRC, t.EXENDY, r.REFDT, r.DYSHIFT),
            clock_hi(t.STDTX, t.STPRC, t.EXSTDY, r.REFDT, r.DYSHIFT)
        ) as E,
        clock_prc(t.STDTM, t.STPRC, t.EXSTDY, r.REFDT) as P
    from trigger_rows as t
    inner join reference as r on t.USUBJID = r.USUBJID
),

placed as (
    select
        *,
        max(E) over before as PREV_E,
        max(S) over before as PREV_S,
        lag(P) over by_start as PREV_P
    from timed
    where S is not null
    window
        by_start as (partition by USUBJID, PRODUCT order by S, EXSEQ),
        before as (
            partition by USUBJID, PRODUCT order by S, EXSEQ
            rows between unbounded preceding and 1 preceding
        )
),

opened as (
    select
        *,
        case
            when PREV_E is null then 1
            when P = 'time' and PREV_P = 'time' and S - PREV_E < $dose_join_s then 0
            when (P != 'time' or PREV_P != 'time') and elapsed_day(S) = elapsed_day(PREV_S) then 0
            else 1
        end as IS_NEW
    from placed
),

numbered as (
    select
        *,
        sum(IS_NEW) over (partition by USUBJID, PRODUCT order by S, EXSEQ) as ADMIN
    from opened
),

administrations as (
    select
        STUDYID,
        USUBJID,
        PRODUCT,
        any_value(REFDT) as REFDT,
        min(S) as START,
        greatest(max(E), min(S)) as "END",
        arg_min(P, (S, EXSEQ)) as PRECISION,
        cast(sum(cast(EXDOSE as decimal(28, 6))) as double) as EXDOSE,
        min(EXDOSU) as EXDOSU,
        string_agg(cast(EXSEQ as varchar), ' ' order by EXSEQ) as SRCSEQ
    from numbered
    group by STUDYID, USUBJID, PRODUCT, ADMIN
)

select
    a.STUDYID,
    a.USUBJID,
    row_number() over (partition by a.USUBJID order by a.START, a.PRODUCT) as DOSESEQ,
    s.NAME as DOSELVL,
    a.PRODUCT,
    a.EXDOSE,
    a.EXDOSU,
    wall_clock(a.START, a.REFDT) as EXSTDTM,
    wall_clock(a."END", a.REFDT) as EXENDTM,
    study_day(a.START) as EXSTDY,
    a.START,
    a."END",
    a.PRECISION,
    a.SRCSEQ
from administrations as a
left join schedule as s
    on a.EXDOSE = s.DOSE and upper(a.EXDOSU) = upper(s.UNIT)
qualify row_number() over (partition by a.USUBJID, a.PRODUCT, a.START order by s.DAY) = 1
order by a.STUDYID, a.USUBJID, DOSESEQ
