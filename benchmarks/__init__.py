"""Heavy proofs and measurements, run by hand; their figures go into docs/."""
