"""What an alert says: a study, its state, the reason, where to look. Never a value of the data."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass

_LONGEST = 300


def plain(text: str) -> str:
    """One line of printable text: folder names and file names are anybody's to choose."""
    kept = (c if unicodedata.category(c)[0] != "C" else " " for c in text)
    line = " ".join("".join(kept).split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"


@dataclass(frozen=True)
class Message:
    """One change of state.

    `about` is a study, or what stands for all of them; `state` its new state in one word, `reason`
    the first line of why, `good` what is published meanwhile, `run` Dagster's run, `links` names
    and addresses.
    """

    about: str
    state: str
    reason: str
    good: str
    run: str
    links: Mapping[str, str]

    @property
    def subject(self) -> str:
        """The line that is read on a telephone."""
        return plain(f"crsight: {self.about} {self.state}")

    @property
    def text(self) -> str:
        """The whole message."""
        lines = [
            f"{plain(self.about)}: {plain(self.state)}",
            *([plain(self.reason)] if self.reason else []),
            *([plain(self.good)] if self.good else []),
            *([f"run {self.run}"] if self.run else []),
            *(f"{name}: {address}" for name, address in self.links.items()),
        ]
        return "\n".join(lines) + "\n"

    def to_dict(self) -> dict[str, object]:
        """For JSON."""
        return asdict(self)
