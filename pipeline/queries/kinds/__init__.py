"""What calls for a query, one file per kind."""
