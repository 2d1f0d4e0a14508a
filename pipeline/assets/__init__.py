"""The Dagster assets: thin, one file per stage. What they run stands in work.py and the stages."""
