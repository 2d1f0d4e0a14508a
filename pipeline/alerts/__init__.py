"""Alerts: what is worth telling, until it has arrived. Knows neither Dagster nor the stages."""
