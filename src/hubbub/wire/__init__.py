"""The grammar of IRC: bytes, lines and messages, without a socket."""
