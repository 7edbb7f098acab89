"""The clients' shared core, and a library for bots: lines in, state and typed events out."""
