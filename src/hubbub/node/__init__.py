"""The shell around the engine: sessions, batches, delivery, timers and limits."""
