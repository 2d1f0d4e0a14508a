"""The lake: immutable objects, one manifest per study, locks, and the published pages."""
