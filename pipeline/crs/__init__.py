"""CRS episodes, grades and the evidence for them."""
