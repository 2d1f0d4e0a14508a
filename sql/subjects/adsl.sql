-- One row: a subject of DM with cohort, first dose, death, discontinuation and end of follow-up.
with first_dose as (
    select
        d.USUBJID,
        d.PRODUCT,
        d.EXSTDTM,
        d.PRECISION,
        d.SRCSEQ,
        count(*) over (partition by d.USUBJID) as NDOSES
    from doses as d
    qualify row_number() over (partition by d.USUBJID order by d.DOSESEQ) = 1
),

clock as (
    select
        dm.USUBJID,
        f.PRODUCT,
        f.EXSTDTM,
        f.PRECISION,
        f.NDOSES,
        cast(f.EXSTDTM as date) as REFDT,
        -- --DY counts from RFSTDTC in SDTM, our day 1 from the first trigger dose.
        coalesce(
            day_index(ex.EXSTDY),
            date_diff('day', cast(dm.RFSTDTM as date), cast(f.EXSTDTM as date)),
            0
        ) as DYSHIFT
    from sdtm_dm as dm
    left join first_dose as f on dm.USUBJID = f.USUBJID
    left join sdtm_ex as ex
        on dm.USUBJID = ex.USUBJID and ex.EXSEQ = cast(split_part(f.SRCSEQ, ' ', 1) as bigint)
),

disposition as (
    select
        ds.USUBJID,
        coalesce(k.KIND, 'discontinuation') as KIND,
        upper(ds.DSDECOD) as DSDECOD,
        clock_lo(ds.DSSTDTM, ds.DSSTPRC, ds.DSSTDY, c.REFDT, c.DYSHIFT) as S,
        clock_hi(ds.DSSTDTX, ds.DSSTPRC, ds.DSSTDY, c.REFDT, c.DYSHIFT) as E,
        -- Stopping treatment does not end follow-up.
        coalesce(upper(ds.DSSCAT) like '%TREATMENT%', false) as OF_TREATMENT
    from sdtm_ds as ds
    inner join clock as c on ds.USUBJID = c.USUBJID
    left join disposition_terms as k on upper(ds.DSDECOD) = k.DSDECOD
    where
        ds.DSDECOD is not null
        and (
            upper(ds.DSCAT) = 'DISPOSITION EVENT'
            or (k.KIND is not null and ds.DSCAT is distinct from 'PROTOCOL MILESTONE')
        )
),

ended as (
    select
        USUBJID,
        max(E) as E,
        arg_max(KIND, (E, DSDECOD)) as KIND
    from disposition
    where not OF_TREATMENT and S is not null
    group by USUBJID
),

treatments as (
    select
        USUBJID,
        CMCAT as CAT,
        CMSTDTM as DTM,
        CMSTPRC as PRC,
        CMSTDY as DY
    from sdtm_cm
    where occurred(CMOCCUR, CMSTAT)
    union all
    select
        USUBJID,
        PRCAT,
        PRSTDTM,
        PRSTPRC,
        PRSTDY
    from sdtm_pr
    where occurred(PROCCUR, PRSTAT)
),

-- A pattern is read anew for every text, so each text is looked at once.
new_categories as (
    select distinct t.CAT
    from (select distinct CAT from treatments) as t
    inner join new_therapy_terms as k on regexp_matches(for_match(t.CAT), k.PATTERN)
),

-- A new anticancer therapy after the first dose ends what can be said of this one.
new_therapies as (
    select
        c.USUBJID,
        clock_lo(x.DTM, x.PRC, x.DY, c.REFDT, c.DYSHIFT) as S,
        'NEW ANTICANCER THERAPY' as DSDECOD
    from clock as c
    inner join treatments as x on c.USUBJID = x.USUBJID
    inner join new_categories as n on x.CAT = n.CAT
),

discontinued as (
    select
        USUBJID,
        min(S) as S,
        arg_min(DSDECOD, (S, DSDECOD)) as DSDECOD
    from (
        select
            USUBJID,
            S,
            DSDECOD
        from disposition
        where KIND = 'discontinuation' and S is not null
        union all
        select
            USUBJID,
            S,
            DSDECOD
        from new_therapies
        where S >= 86400
    )
    group by USUBJID
),

died as (
    select
        c.USUBJID,
        min(clock_lo(x.DTM, x.PRC, x.DY, c.REFDT, c.DYSHIFT)) as S,
        min(clock_hi(x.DTX, x.PRC, x.DY, c.REFDT, c.DYSHIFT)) as E
    from clock as c
    inner join (
        select
            USUBJID,
            DTHDTM as DTM,
            DTHDTX as DTX,
            DTHPRC as PRC,
            cast(null as bigint) as DY
        from sdtm_dm
        where DTHDTM is not null
        union all
        select
            USUBJID,
            DSSTDTM,
            DSSTDTX,
            DSSTPRC,
            DSSTDY
        from sdtm_ds
        where upper(DSDECOD) = 'DEATH'
    ) as x on c.USUBJID = x.USUBJID
    group by c.USUBJID
),

-- The latest moment at which anything was recorded, for studies without disposition.
seen as (
    select
        c.USUBJID,
        max(clock_hi(x.DTX, x.PRC, x.DY, c.REFDT, c.DYSHIFT)) as E
    from clock as c
    inner join last_seen as x on c.USUBJID = x.USUBJID
    group by c.USUBJID
),

followed as (
    select
        c.*,
        dd.S as DTH_S,
        dd.E as DTH_E,
        x.S as DS_S,
        x.DSDECOD as DSREAS,
        e.KIND as END_KIND,
        case
            when c.REFDT is not null and $cutoff is not null
                then date_diff('second', cast(c.REFDT as timestamp), cast($cutoff as timestamp)) + 86400
        end as CUT_E,
        -- An end that is stated, else the last thing seen; never before the first dose.
        coalesce(e.E, s.E, 86400) as OBS_E
    from clock as c
    left join died as dd on c.USUBJID = dd.USUBJID
    left join discontinued as x on c.USUBJID = x.USUBJID
    left join ended as e on c.USUBJID = e.USUBJID
    left join seen as s on c.USUBJID = s.USUBJID
),

closed as (
    select
        *,
        greatest(least(OBS_E, DTH_E, CUT_E), 1) as FUPS
    from followed
)

select
    dm.STUDYID,
    dm.USUBJID,
    row_number() over (order by dm.USUBJID) as SUBJIDX,
    arms.COHORT,
    c.PRODUCT,
    coalesce(dm.ACTARM, dm.ARM) as ARM,
    c.EXSTDTM as TRTSDTM,
    case when c.NDOSES > 0 then 1 end as TRTSDY,
    c.PRECISION as TRTSPRC,
    c.REFDT,
    coalesce(c.DYSHIFT, 0) as DYSHIFT,
    dm.AGE,
    dm.SEX,
    case when c.NDOSES > 0 then 'Y' end as SAFFL,
    coalesce(c.NDOSES, 0) as NDOSES,
    case when c.NDOSES > 0 then study_day(c.DTH_S) end as DTHDY,
    case when c.NDOSES > 0 then c.DTH_E end as DTHS,
    case when c.NDOSES > 0 then study_day(c.DS_S) end as DSDY,
    case when c.NDOSES > 0 then c.DSREAS end as DSREAS,
    case when c.NDOSES > 0 then study_day(c.FUPS - 1) end as FUPDY,
    case when c.NDOSES > 0 then c.FUPS end as FUPS,
    case
        when coalesce(c.NDOSES, 0) = 0 then null
        when c.DTH_E = c.FUPS then 'death'
        when c.CUT_E = c.FUPS then 'data cutoff'
        else coalesce(c.END_KIND, 'last observation')
    end as FUPREAS
from sdtm_dm as dm
inner join closed as c on dm.USUBJID = c.USUBJID
left join arms on coalesce(dm.ACTARM, dm.ARM, '') = arms.ARM
order by dm.STUDYID, dm.USUBJID
