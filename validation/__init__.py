"""Independent validation: simulated input, a second program in R, and its numbers."""
