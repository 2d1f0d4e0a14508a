"""What starts runs by itself, and tells people of what went wrong."""
