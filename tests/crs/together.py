"""Many tests' subjects in one study: the stage costs as much for one as for a hundred.

Before the first test of a file runs, all of them are rehearsed: what a test asks for is noted and
the test left there. What was noted is then derived at once, each case as a subject of its own, and
the rehearsal goes on to the next question. In the test itself the same rows under the same settings
find their answer; whatever was not rehearsed is derived alone, so nothing depends on it.

One subject's tables do not depend on the others' (test_portions) but for three facts of a study:
which domains it has, whether MH and CM have rows at all, and in which domain it records CRS. So
cases share a study only if they agree in these, and those with rows in CE or FA are alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import polars as pl
import pytest

from pipeline.schemas.sdtm import DOMAINS
from pipeline.study import Study
from tests.typed import Rows

Domains = dict[str, Rows]
Tables = dict[str, pl.DataFrame]
Derive = Callable[[Domains, Study], Tables]


class Noted(BaseException):
    """A rehearsed test has asked for what is not known yet."""


class Together:
    """Answers to what the tests of one file ask."""

    def __init__(self, derive: Derive) -> None:
        self.derive = derive
        self._known: dict[str, Callable[[], Tables]] = {}
        self._noted: dict[str, tuple[Domains, Study]] | None = None

    def ask(self, rows: Domains, study: Study) -> Tables:
        """All tables of these rows under the settings of a study."""
        question = repr((rows, study))
        if question in self._known:
            return self._known[question]()
        if self._noted is not None:
            if not (rows.get("fa") or rows.get("ce")):
                self._noted[question] = rows, study
            raise Noted(question)
        return self.derive(rows, study)

    def rehearse(self, tests: Iterable[Callable[[], object]]) -> None:
        """Derive at once what the tests will ask, first question by first question."""
        waiting = list(tests)
        while waiting:
            self._noted = {}
            stopped = [(test, self._question_of(test)) for test in waiting]
            noted, self._noted = self._noted, None
            self._answer(noted)
            waiting = [test for test, question in stopped if question in self._known]

    def forget(self) -> None:
        self._known.clear()

    def _question_of(self, test: Callable[[], object]) -> str | None:
        """What the test asks that is not known; its failures are its own affair, later."""
        try:
            test()
        except Noted as noted:
            return str(noted)
        except (Exception, pytest.fail.Exception, pytest.skip.Exception):
            pass
        return None

    def _answer(self, noted: dict[str, tuple[Domains, Study]]) -> None:
        groups: dict[str, list[str]] = {}
        for question, (rows, study) in noted.items():
            facts = study, sorted(rows), bool(rows["mh"]), bool(rows["cm"])
            groups.setdefault(repr(facts), []).append(question)
        for questions in groups.values():
            study = noted[questions[0]][1]
            try:
                made = self.derive(joined([noted[q][0] for q in questions]), study)
            except Exception:  # one of them fails: each alone will show which
                continue
            for number, question in enumerate(questions):
                self._known[question] = lambda made=made, number=number: part(made, number)


def joined(cases: list[Domains]) -> Domains:
    """Rows of one study of them all; a subject is named by the number of its case and its name."""
    study: Domains = {domain: [] for domain in cases[0]}
    for number, case in enumerate(cases):
        for domain, rows in case.items():
            seq = f"{domain.upper()}SEQ"
            numbered = seq in DOMAINS[domain.upper()].create_empty().columns
            study[domain] += [
                ({seq: i} if numbered else {}) | row | {"USUBJID": f"{number:04d} {row['USUBJID']}"}
                for i, row in enumerate(rows, 1)
            ]
    return study


def part(made: Tables, number: int) -> Tables:
    """The tables of one case, its subjects named and counted as if they were all."""
    mine = pl.col("USUBJID").str.starts_with(f"{number:04d} ")
    tables = {
        name: table.filter(mine).with_columns(pl.col("USUBJID").str.slice(5))
        for name, table in made.items()
    }
    first = pl.col("SUBJIDX").min()
    return tables | {"adsl": tables["adsl"].with_columns(pl.col("SUBJIDX") - first + 1)}


def rehearsals(
    tests: Iterable[pytest.Item], module: object, makers: dict[str, Callable[[], object]]
) -> list[Callable[[], object]]:
    """Calls of those tests of a module that take nothing but a new case and their parameters."""
    found: list[Callable[[], object]] = []
    for item in tests:
        if not isinstance(item, pytest.Function) or item.module is not module:
            continue
        names = item.function.__code__.co_varnames[: item.function.__code__.co_argcount]
        given: dict[str, Any] = item.callspec.params if hasattr(item, "callspec") else {}
        fresh = [n for n in names if n in makers and n not in vars(module)]
        if fresh and set(names) == {*fresh, *given}:
            found.append(
                lambda call=item.function, given=given, fresh=fresh: call(
                    **given, **{name: makers[name]() for name in fresh}
                )
            )
    return found
