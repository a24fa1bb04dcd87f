"""The database: tables, the unit of work, one module per write side, and the read side.

Rows become domain objects here and never leave. One suite of tests runs on SQLite and on PostgreSQL.
"""
