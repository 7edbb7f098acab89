"""The administrator's commands: one tree for console, chat, command line and HTTP."""
