"""The terminal client: a face over the clients' core, drawn with Textual."""
