"""The dialect of IRC: messages to commands, events to messages."""
