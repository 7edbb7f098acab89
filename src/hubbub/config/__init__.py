"""The settings: declared once, read from everywhere, explained to people."""

from .checks import BornRoom
from .example import example
from .loading import Loaded, Reloaded, load, reload
from .owner import changed_by, is_owners, names_file, only_owner
from .report import describe, explained, report
from .rules import rules
from .sections import Accounts, Limits, Listener, Log, Operator, Rooms, Server, Settings, Tls
from .sources import DATA_VARIABLE, FILE_NAME, SettingsError, data_folder
from .writing import put_back, write_setting

__all__ = [
    "DATA_VARIABLE",
    "FILE_NAME",
    "Accounts",
    "BornRoom",
    "Limits",
    "Listener",
    "Loaded",
    "Log",
    "Operator",
    "Reloaded",
    "Rooms",
    "Server",
    "Settings",
    "SettingsError",
    "Tls",
    "changed_by",
    "data_folder",
    "describe",
    "example",
    "explained",
    "is_owners",
    "load",
    "names_file",
    "only_owner",
    "put_back",
    "reload",
    "report",
    "rules",
    "write_setting",
]
