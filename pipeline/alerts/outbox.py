"""What each channel was told and what still waits: nothing is lost while a channel is down."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from pipeline.alerts.changes import Condition, after, changes
from pipeline.alerts.channels import Channel
from pipeline.alerts.message import Message

_FIRST_S = 60.0
_LONGEST_S = 3600.0


@dataclass(frozen=True)
class Box:
    """One channel: marks of what it was told, messages that wait, and when to try again."""

    told: Mapping[str, str] = field(default_factory=dict)
    waiting: tuple[Message, ...] = ()
    failures: int = 0
    not_before: float = 0.0


def boxes_to_bytes(boxes: Mapping[str, Box]) -> bytes:
    """JSON with sorted keys."""
    raw = {name: asdict(box) for name, box in boxes.items()}
    return json.dumps(raw, sort_keys=True, indent=1, ensure_ascii=False).encode()


def boxes_from_bytes(data: bytes | None) -> dict[str, Box]:
    """Read what `boxes_to_bytes` wrote."""
    raw: dict[str, dict[str, Any]] = json.loads(data) if data else {}
    return {
        name: Box(
            box["told"],
            tuple(Message(**message) for message in box["waiting"]),
            box["failures"],
            box["not_before"],
        )
        for name, box in raw.items()
    }


def fill(
    box: Box,
    now: Mapping[str, Condition],
    unsure: Collection[str],
    write: Callable[[Condition], Message],
) -> Box:
    """Put a message into the box for each change; a new channel hears of all that is bad now."""
    told, waiting = dict(box.told), list(box.waiting)
    for condition in changes(box.told, now, unsure):
        told = after(told, condition)
        waiting.append(write(condition))
    return replace(box, told=told, waiting=tuple(waiting))


def deliver_all(
    boxes: Mapping[str, Box], ways: Mapping[str, Channel], now: float
) -> tuple[dict[str, Box], list[str]]:
    """Empty the box of each channel: the boxes afterwards, and what went wrong, by channel."""
    sent: dict[str, Box] = {}
    problems: list[str] = []
    for name, way in ways.items():
        sent[name], problem = deliver(boxes[name], way, now)
        problems += [f"{name}: {problem}"] if problem else []
    return sent, problems


def deliver(box: Box, channel: Channel, now: float) -> tuple[Box, str]:
    """Send what waits, in order, until something does not go.

    Then the pause doubles from one minute to an hour, and the message stays first in the row.

    Returns:
        The box afterwards, and what went wrong, in words without addresses ("" if nothing did).
    """
    if not box.waiting or now < box.not_before:
        return box, ""
    for sent, message in enumerate(box.waiting):
        try:
            channel.send(message)
        except (OSError, ValueError) as error:  # ValueError: an address that no header takes
            pause = min(_FIRST_S * 2**box.failures, _LONGEST_S)
            left = replace(
                box,
                waiting=box.waiting[sent:],
                failures=box.failures + 1,
                not_before=now + pause,
            )
            return left, f"{type(error).__name__}; {len(left.waiting)} wait, again in {pause:g} s"
    return replace(box, waiting=(), failures=0, not_before=0.0), ""
