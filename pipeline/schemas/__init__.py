"""Typed shapes of everything that crosses a room: SDTM domains in, contract tables out."""
