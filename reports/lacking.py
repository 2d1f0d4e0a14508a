"""What a study lacks, in words: a reviewer reads vital signs where a row says VS."""

from __future__ import annotations

import re

DOMAINS = {
    "AE": "adverse events",
    "CM": "medication",
    "DD": "causes of death",
    "DS": "disposition",
    "HO": "hospital stays",
    "LB": "laboratory tests",
    "MH": "medical history",
    "PR": "procedures",
    "VS": "vital signs",
}
_CODE = "[A-Z]{2}"
_NO_DATA = re.compile(rf"\bno ({_CODE}(?:(?:, | or | and ){_CODE})*) data\b")
_NO_DOMAIN = re.compile(rf"^NO_DOMAIN ({_CODE}(?: {_CODE})*)$")
_NO_RECORD = "the study has no CRS record to grade"


def lacking(text: str) -> str:
    """A reason with what is lacking called by its name.

    >>> lacking("the study has no PR or VS data")
    'the study has no data on procedures or vital signs (PR, VS)'
    >>> lacking("NO_DOMAIN VS")
    'the study has no data on vital signs (VS)'
    """
    made = _NO_DOMAIN.sub(_no_domain, text).replace(
        _NO_RECORD, "no CRS was recorded, so there is nothing to grade"
    )
    return _NO_DATA.sub(_named, made)


def _no_domain(found: re.Match[str]) -> str:
    return "the study has no " + " or ".join(found[1].split()) + " data"


def _named(found: re.Match[str]) -> str:
    codes = [str(code) for code in re.findall(_CODE, found[1])]
    if not set(codes) <= set(DOMAINS):
        return found[0]
    return f"no data on {' or '.join(DOMAINS[code] for code in codes)} ({', '.join(codes)})"
