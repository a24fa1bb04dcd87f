"""Every exception this project raises on purpose.

MonitorError
├── SettingsError        a settings file or variable is wrong
├── WatchlistError       a watchlist file is wrong; names file and key
├── InputError           a file or argument a user gave cannot be used
├── NotFoundError        no feed, item, digest … of that name
└── StoreError           the database cannot be used
    ├── SchemaError      it is older or newer than this program
    └── ConflictError    somebody else wrote first: load again and redo

Expected failures of the world (a feed that is down, a mail server that refuses) are values, not exceptions: see
`domain.feed.FetchFailed`, `domain.feed.ParseFailed` and `domain.digest.SendFailed`.
"""


class MonitorError(Exception):
    """Base of all errors a user may see; its text is one sentence that says what to do."""


class SettingsError(MonitorError):
    """A settings file or variable is wrong."""


class WatchlistError(MonitorError):
    """A watchlist file is wrong; the text names the file and the key."""


class InputError(MonitorError):
    """A file or argument given by a user cannot be used."""


class NotFoundError(MonitorError):
    """There is no such feed, item or digest."""


class StoreError(MonitorError):
    """The database cannot be used."""


class SchemaError(StoreError):
    """The database is older or newer than this program."""


class ConflictError(StoreError):
    """Rows changed between load and save; the run must be repeated from its load."""
