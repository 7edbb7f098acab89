"""HTTP beside the chat: the page, files, tokens, webhooks and the API, on the port that everything comes to."""
