from __future__ import annotations

import re
from pathlib import Path

import pytest

from pipeline.ingest import rules
from pipeline.ingest.rules import RULES
from pipeline.schemas.sdtm import vital_signs

SOURCE = Path(rules.__file__).parent
LISTS = ("rules.py", "note_rules.py")


def test_every_rule_has_a_name_a_severity_and_a_sentence():
    for rule in RULES.values():
        assert re.fullmatch(r"[A-Z0-9_]+", rule.id)
        assert rule.severity in ("refuse", "quarantine", "note")
        assert rule.sentence[0].isalpha() or rule.sentence[0] == "{"
        assert not rule.sentence.endswith(".")


def test_no_rule_is_written_twice():
    texts = [(SOURCE / name).read_text(encoding="utf-8") for name in LISTS]
    listed = re.findall(r'Rule\(\s*"([A-Z0-9_]+)"', "".join(texts))
    assert len(listed) == len(set(listed)) == len(RULES)


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_is_applied_somewhere(rule):
    files = [p for p in SOURCE.rglob("*.py") if p.name not in LISTS]
    files.append(Path(vital_signs.__file__))
    code = "".join(p.read_text(encoding="utf-8") for p in files)
    assert rule in code or rule.removesuffix("_IMPLAUSIBLE") in code
