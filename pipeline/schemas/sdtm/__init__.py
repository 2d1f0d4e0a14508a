"""The typed SDTM domains that ingest hands on: all are always there, some may be empty."""

from __future__ import annotations

import dataframely as dy

from pipeline.schemas.sdtm.ae import Ae
from pipeline.schemas.sdtm.ce import Ce
from pipeline.schemas.sdtm.cm import Cm
from pipeline.schemas.sdtm.dd import Dd
from pipeline.schemas.sdtm.dm import Dm
from pipeline.schemas.sdtm.ds import Ds
from pipeline.schemas.sdtm.ex import Ex
from pipeline.schemas.sdtm.fa import Fa
from pipeline.schemas.sdtm.ho import Ho
from pipeline.schemas.sdtm.lb import Lb
from pipeline.schemas.sdtm.mh import Mh
from pipeline.schemas.sdtm.pr import Pr
from pipeline.schemas.sdtm.relrec import Relrec
from pipeline.schemas.sdtm.supp import Supp
from pipeline.schemas.sdtm.vs import Vs

DOMAINS: dict[str, type[dy.Schema]] = {
    "DM": Dm,
    "EX": Ex,
    "AE": Ae,
    "CE": Ce,
    "FA": Fa,
    "VS": Vs,
    "LB": Lb,
    "CM": Cm,
    "PR": Pr,
    "HO": Ho,
    "DS": Ds,
    "MH": Mh,
    "DD": Dd,
    "RELREC": Relrec,
}


def table_name(domain: str) -> str:
    """Name under which a domain's table is handed on: AE -> sdtm_ae."""
    return f"sdtm_{domain.lower()}"


__all__ = ["DOMAINS", "Dm", "Supp", "table_name"]
