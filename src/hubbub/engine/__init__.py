"""The pure machine of the chat: commands in; events, refusals and effects out."""
