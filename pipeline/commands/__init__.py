"""What each command of crsight does.

Modules load inside the commands: most need neither Dagster nor the stages.
"""
