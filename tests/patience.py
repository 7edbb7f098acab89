"""How long a test waits for what comes: far longer than a busy machine takes, since only a broken test waits it out."""

from typing import Final

PATIENCE_SECONDS: Final = 60
"""For one step of a test. The limit on a whole test, `timeout` of pyproject.toml, is for those that ask nobody."""
