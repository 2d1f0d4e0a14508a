"""A drop in, typed domains out: refuse or hold back what cannot be used, remark on the rest."""
