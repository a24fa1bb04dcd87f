"""The database: tables, the unit of work, one module per write side, and the read side."""
