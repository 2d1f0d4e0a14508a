"""Settings of channels that cannot be meant so."""

from __future__ import annotations


class SettingError(ValueError):
    """What is wrong with a setting; the message never shows a password."""
