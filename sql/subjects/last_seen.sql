-- One row: the last dated record of a subject in one domain.
select
    USUBJID,
    max(RFENDTM) as DTM,
    max(RFENDTX) as DTX,
    max(RFENPRC) as PRC,
    cast(null as bigint) as DY
from sdtm_dm
where RFENDTM is not null
group by USUBJID
union all
select
    USUBJID,
    max(AESTDTM),
    max(AESTDTX),
    arg_max(AESTPRC, AESTDTX),
    max(AESTDY)
from sdtm_ae
group by USUBJID
union all
select
    USUBJID,
    max(AEENDTM),
    max(AEENDTX),
    arg_max(AEENPRC, AEENDTX),
    max(AEENDY)
from sdtm_ae
group by USUBJID
union all
select
    USUBJID,
    max(VSDTM),
    max(VSDTX),
    arg_max(VSPRC, VSDTX),
    max(VSDY)
from sdtm_vs
group by USUBJID
union all
select
    USUBJID,
    max(LBDTM),
    max(LBDTX),
    arg_max(LBPRC, LBDTX),
    max(LBDY)
from sdtm_lb
group by USUBJID
union all
select
    USUBJID,
    max(FADTM),
    max(FADTX),
    arg_max(FAPRC, FADTX),
    max(FADY)
from sdtm_fa
group by USUBJID
union all
select
    USUBJID,
    max(PRSTDTM),
    max(PRSTDTX),
    arg_max(PRSTPRC, PRSTDTX),
    max(PRSTDY)
from sdtm_pr
group by USUBJID
union all
select
    USUBJID,
    max(EXSTDTM),
    max(EXSTDTX),
    arg_max(EXSTPRC, EXSTDTX),
    max(EXSTDY)
from sdtm_ex
group by USUBJID
order by USUBJID, DTX, DY
