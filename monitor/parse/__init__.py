"""From a body to entries in plain text, in child processes that a hostile body may kill."""
