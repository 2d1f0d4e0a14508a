"""Tables: HTML from rows of the contract tables, each number with the subjects behind it."""
