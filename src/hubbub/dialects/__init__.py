"""The translations at the edge: words to commands, events to words."""
