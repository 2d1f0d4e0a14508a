-- One row: a drug or support of one class in one episode, or outside any (EPISEQ 0).
with given as (
    select
        STUDYID,
        USUBJID,
        case CLASS when 'vasopressin' then 'vasopressor' else CLASS end as CLASS,
        DRUG,
        INTENT,
        S,
        coalesce(E, S_HI) as E,
        P,
        'CM' as SRCDOM,
        CMSEQ as SRCSEQ
    from cm_timed
    where
        CLASS not in ('fluid', 'inotrope', 'other') and not IS_LOCAL
        and (CLASS not in ('vasopressor', 'vasopressin') or (not IS_BOLUS and coalesce(CMDOSE, 1) > 0))
    union all
    select
        STUDYID,
        USUBJID,
        CLASS,
        DRUG,
        'treatment',
        S,
        coalesce(E, S_HI),
        P,
        'CM',
        CMSEQ
    from cm_timed
    where CLASS = 'fluid' and regexp_matches(coalesce(INDICATION, ''), 'HYPOTENS|SHOCK')
    union all
    select
        STUDYID,
        USUBJID,
        case
            when KIND = 'dialysis' then 'dialysis'
            when KIND = 'niv' then 'non-invasive ventilation'
            when KIND = 'invasive' then 'invasive ventilation'
            else 'oxygen'
        end,
        DEVICE,
        case when REASON is null then 'treatment' else 'unknown' end,
        S,
        coalesce(E, S_HI),
        P,
        'PR',
        PRSEQ
    from pr_timed
    where OXYGEN > 0 or KIND = 'dialysis'
    union all
    select
        f.STUDYID,
        f.USUBJID,
        'intensive care',
        'intensive care',
        'treatment',
        f.START,
        f."END",
        f.PRECISION,
        'HO',
        f.SRCSEQ
    from findings as f
    where f.LADDER = 'hospital' and f."LEVEL" = 2
),

placed as (
    select
        g.*,
        coalesce(e.EPISEQ, 0) as EPISEQ,
        e.START as ONSET,
        e.STPREC,
        d.START as DOSE,
        d.PRECISION as DOSE_P
    from given as g
    left join episodes as e
        on
            g.USUBJID = e.USUBJID
            and elapsed_day(g.S) between elapsed_day(e.START) and elapsed_day(e."END" - 1)
            and (g.P != 'time' or e.STPREC != 'time' or g.E >= e.START)
    left join doses as d on e.USUBJID = d.USUBJID and e.DOSESEQ = d.DOSESEQ
    qualify row_number() over (
        partition by g.USUBJID, g.SRCDOM, g.SRCSEQ, g.CLASS order by e.EPISEQ
    ) = 1
)

select
    STUDYID,
    USUBJID,
    EPISEQ,
    CLASS,
    DRUG,
    count(*) as N_DOSES,
    min(S) as START,
    max(E) as "END",
    INTENT,
    case when bool_and(P = 'time' and STPREC = 'time') then (min(S) - min(ONSET)) / 3600.0 end
        as H_FROM_ONSET,
    case when bool_and(P = 'time' and DOSE_P = 'time') then (min(S) - min(DOSE)) / 3600.0 end as H_FROM_DOSE,
    elapsed_day(min(S)) - elapsed_day(min(ONSET)) as D_FROM_ONSET,
    min(SRCDOM) as SRCDOM,
    string_agg(cast(SRCSEQ as varchar), ' ' order by SRCSEQ) as SRCSEQ
from placed
group by STUDYID, USUBJID, EPISEQ, CLASS, DRUG, INTENT
order by STUDYID, USUBJID, EPISEQ, CLASS, DRUG, START, INTENT
