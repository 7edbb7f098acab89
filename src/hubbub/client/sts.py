"""STS: what a server says about being reached over TLS only."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Policy:
    """`port` is where TLS is; `seconds` is for how long the policy is to be kept, 0 to forget it."""

    port: int | None
    seconds: int | None


def parse_sts(value: str) -> Policy | None:
    """The capability's value, or None where it says nothing; keys that are unknown or wrong are ignored."""
    fields = dict(part.partition("=")[::2] for part in value.split(",") if part)
    port, seconds = _number(fields.get("port", "")), _number(fields.get("duration", ""))
    port = port if port and port < 65536 else None
    return Policy(port, seconds) if port is not None or seconds is not None else None


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 12 else None
