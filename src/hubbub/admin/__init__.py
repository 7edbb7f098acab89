"""The one tree of the administrator's commands, whoever speaks them and wherever."""
