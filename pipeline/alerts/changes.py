"""Which changes of state are told: each once, however many nights try again in vain."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

GONE = "is gone from the inbox"


@dataclass(frozen=True)
class Condition:
    """How something stands.

    `bad` is what somebody should look at. `reason` is a first line of ours, `good` says what is
    published meanwhile; `run` only tells where to look and makes no difference.
    """

    about: str
    state: str
    bad: bool = False
    reason: str = ""
    good: str = ""
    run: str = ""

    @property
    def mark(self) -> str:
        """What makes it another condition than the one before."""
        return f"{self.state}: {self.reason}"


def changes(
    told: Mapping[str, str], now: Mapping[str, Condition], unsure: Collection[str] = ()
) -> Iterator[Condition]:
    """What is new since the last time, by name.

    Rule:
        1. A bad condition is told when it begins and when its state or its reason becomes another.
        2. The same again, night after night, is not told.
        3. The end of a told condition is told: published, withdrawn or gone.
        4. What is being worked on is not judged: what was told of it stands.

    Args:
        told: mark of each bad condition that was told.
        now: conditions by name.
        unsure: names of which nothing can be said now, because a run is at work.
    """
    for name in sorted({*told, *now} - set(unsure)):
        condition = now.get(name) or Condition(name, GONE)
        if told.get(name) != condition.mark if condition.bad else name in told:
            yield condition


def after(told: Mapping[str, str], condition: Condition) -> dict[str, str]:
    """What counts as told once a condition is."""
    rest = {name: mark for name, mark in told.items() if name != condition.about}
    return {**rest, condition.about: condition.mark} if condition.bad else rest
