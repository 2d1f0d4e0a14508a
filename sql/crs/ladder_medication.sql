-- Ladders from other drugs: hypotension level 2 (fluids for it), coagulopathy, and therapy that can
-- mask fever (1 antipyretic, 2 anticytokine or systemic steroid), premedication and prophylaxis apart.
with ranked as (
    select
        *,
        case
            when
                CLASS = 'fluid' and regexp_matches(coalesce(INDICATION, ''), 'HYPOTENS|SHOCK')
                then 'hypotension'
            when CLASS = 'blood product' then 'coagulopathy'
            when WAIVER > 0 and not IS_LOCAL then 'therapy'
        end as LADDER
    from cm_timed
)

select
    STUDYID,
    USUBJID,
    LADDER,
    case LADDER when 'hypotension' then 2 when 'coagulopathy' then 1 else WAIVER end as "LEVEL",
    S as START,
    greatest(coalesce(E, S_HI), S + 1) as "END",
    P as PRECISION,
    case when LADDER = 'hypotension' then 'HYPOTENSION' end as SIGN,
    false as IS_READING,
    case when LADDER = 'therapy' and INTENT in ('premedication', 'prophylaxis') then upper(INTENT) end
        as ATTRIBUTED,
    'CM' as SRCDOM,
    CMSEQ as SRCSEQ,
    'CMTRT' as SRCVAR,
    CMDOSE as VALUE,
    DRUG as "TEXT",
    case when P != 'time' then 'DATE_ONLY' end as FLAGS
from ranked
where LADDER is not null
order by STUDYID, USUBJID, LADDER, START, SRCSEQ
