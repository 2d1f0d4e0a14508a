"""Statistics: methods (one file each), result rows, and what is computed per study and cohort."""
