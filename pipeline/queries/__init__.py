"""What data management should ask first: each query with what its answers could move."""
