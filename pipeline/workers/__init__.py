"""Runs on several machines: the broker between them, and what sends runs there."""
