"""What metrics compare in place of the examples themselves."""
