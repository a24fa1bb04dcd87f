"""Events: what one article says of one happening, and the ledger rows that reports of it add up to."""
