"""Public keys of ssh, as their owners write them: `ssh-ed25519 AAAA… comment`, and their fingerprints."""

import base64
import binascii
import hashlib
import re
from typing import Final

_FINGERPRINT: Final = re.compile(r"SHA256:[A-Za-z0-9+/]{43}")
_KINDS: Final = ("ssh-ed25519", "ssh-rsa", "ecdsa-sha2-", "sk-ssh-ed25519@", "sk-ecdsa-sha2-")


def key_fingerprint(text: str) -> str | None:
    """The fingerprint `SHA256:…` (as `ssh-keygen -l` prints it) of a public key or of a fingerprint; None of others."""
    words = text.split()
    if words and _FINGERPRINT.fullmatch(words[0]):
        return words[0]
    if len(words) < 2 or not words[0].startswith(_KINDS):
        return None
    try:
        blob = base64.b64decode(words[1], validate=True)
    except (binascii.Error, ValueError):
        return None
    # RFC 4253, section 6.6: the key begins with its own kind, a string with its length before it.
    size = int.from_bytes(blob[:4], "big")
    if len(blob) <= 4 + size or blob[4 : 4 + size] != words[0].encode():
        return None
    digest = base64.b64encode(hashlib.sha256(blob).digest()).decode().rstrip("=")
    return f"SHA256:{digest}"
