"""The thin asyncio connection beneath a client: TCP, TLS and WebSocket, trust, and coming back."""
