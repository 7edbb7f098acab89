"""The programs that keep the project itself in order; the server does without them."""
