"""Hubbub is a self-hosted chat server whose wire is IRC."""

__version__ = "0.2.0"
