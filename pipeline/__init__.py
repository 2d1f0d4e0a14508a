"""crsight: grades cytokine release syndrome in immunotherapy trials."""
