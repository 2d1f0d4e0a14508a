"""One file per RESULT: each adds the rows of one population to the result table."""
