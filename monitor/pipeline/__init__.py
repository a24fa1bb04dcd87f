"""The three runs, told as steps; the database is the queue between them.

refresh   due feeds → fetch → parse → new and changed items, validators, next poll time        (`refresh.py`)
follow    items not judged yet → judge → code → group → ledger → mentions, stories, changes    (`follow.py`)
report    due periods → select → render → frozen digests → deliver → attempts                  (`report.py`)

Beside them, by hand: `check.py` looks at feeds and stores nothing, `discover.py` finds the feeds of a site, and
`backfill.py` fetches a feed's older entries.

Each is load → think → save: a short read, then thought with no transaction open, then one short write that fails with
a ConflictError when somebody else wrote first, and is then done again. A crash loses nothing: whatever was not saved is
still due, pending or waiting.
"""
