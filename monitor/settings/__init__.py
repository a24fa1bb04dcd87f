"""Settings: one TOML file and MONITOR_ variables, validated once.

`model` holds the settings and says what is right for each; `load` finds them and tells what is wrong; `monitor.toml` is
the commented file that `monitor init` writes.
"""

from monitor.settings.load import find, load
from monitor.settings.model import ChannelSettings, EmailChannel, FileChannel, ScheduleSettings, Settings
from monitor.settings.template import TEMPLATE, write_template

__all__ = [
    "TEMPLATE",
    "ChannelSettings",
    "EmailChannel",
    "FileChannel",
    "ScheduleSettings",
    "Settings",
    "find",
    "load",
    "write_template",
]
