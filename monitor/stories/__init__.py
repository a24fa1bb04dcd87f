"""Reports of one happening become a story."""
