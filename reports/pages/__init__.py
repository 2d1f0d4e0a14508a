"""Pages: pure functions from tables to the bytes of each file below published/."""
