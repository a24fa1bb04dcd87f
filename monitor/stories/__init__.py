"""Stories: which reports tell of one happening."""
