"""The desktop: a window to chat in, and one to run the server on this computer from; a face over `client/`."""
