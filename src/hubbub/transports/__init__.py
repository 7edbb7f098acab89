"""Bytes in and out, with back-pressure and the peer's address; nothing in this folder knows of chat."""
