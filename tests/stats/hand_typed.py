"""Fifteen subjects with tied days; what R gives for them is typed into the tests.

tm, st, g, s, x, w, id, a in the R calls that the tests quote.
"""

from __future__ import annotations

import numpy as np

TIME = np.array([2.0, 1, 3, 5, 2, 4, 6, 3, 1, 5, 7, 2, 6, 4, 3])
CODE = np.array([1, 2, 1, 0, 1, 2, 1, 0, 1, 1, 0, 2, 1, 1, 2])
GROUP = np.array([0, 1, 2] * 5)
STRATUM = np.array([1, 1, 2, 2, 1, 2, 1, 2, 1, 2, 1, 2, 2, 1, 1])
X = np.array([0.2, 1.5, -0.3, 0.8, 1.1, -1.2, 0.4, 0.9, -0.5, 0.1, 1.9, -0.8, 0.6, -0.2, 0.3])
WEIGHT = np.array([1, 2, 0.5, 1.5, 1, 0.8, 2, 1, 0.6, 1.2, 1, 0.7, 1.4, 1, 0.9])
CLUSTER = np.array([1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8])
COVARIATES = np.stack([X, (GROUP == 1).astype(float)], axis=1)
"""x, and a = 1 for group 1."""
