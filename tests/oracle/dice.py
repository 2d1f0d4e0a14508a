"""Random draws that read well."""

from __future__ import annotations

from typing import TypeVar

import numpy as np

from tests.oracle.course import HOUR
from tests.oracle.limits import HOURS

T = TypeVar("T")


class Dice:
    """Draws that read well."""

    def __init__(self, rng: np.random.Generator) -> None:
        self.rng = rng
        self.grid = HOUR if rng.random() < 0.5 else HOUR // 4

    def chance(self, p: float) -> bool:
        return bool(self.rng.random() < p)

    def one(self, choices: tuple[T, ...]) -> T:
        return choices[int(self.rng.integers(len(choices)))]

    def count(self, most: int) -> int:
        return int(self.rng.integers(1, most + 1))

    def moment(self, start: int, end: int) -> int:
        """A moment on the grid between start and end, ends included."""
        return start + self.grid * int(self.rng.integers((end - start) // self.grid + 1))

    def hours(self, choices: tuple[float, ...] = HOURS) -> int:
        length = int(self.one(choices) * HOUR)
        return max(self.grid, length - length % self.grid)
