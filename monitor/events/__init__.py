"""A story becomes one row of the ledger, with stages."""
