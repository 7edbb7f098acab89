"""The server's identity for push services (RFC 8292, VAPID): a key of its own, and what it signs."""

import time
from base64 import urlsafe_b64encode
from functools import cache
from typing import Final
from urllib.parse import urlsplit

import msgspec
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

LIFETIME_SECONDS: Final = 12 * 3600
"""RFC 8292, 2: "The "exp" claim MUST NOT be more than 24 hours from the time of the request."""

_ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
"""Of the curve P-256."""


def text_of(data: bytes) -> str:
    """base64url without `=`."""
    return urlsafe_b64encode(data).rstrip(b"=").decode()


@cache
def _key(secret: bytes) -> ec.EllipticCurvePrivateKey:
    """Always the same for the same data: browsers have subscribed to it."""
    material = HKDF(hashes.SHA256(), 48, None, b"hubbub vapid").derive(secret)
    return ec.derive_private_key(int.from_bytes(material) % (_ORDER - 1) + 1, ec.SECP256R1())


@cache
def public_key(secret: bytes) -> str:
    """65 bytes of a point that is not compressed, as base64url; `secret` is the data's own 32 bytes."""
    return text_of(_key(secret).public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))


def authorization(secret: bytes, endpoint: str, contact: str) -> str:
    """The header that proves the server to an endpoint's push service; `contact` is a URI (`mailto:` or `https:`)."""
    where = urlsplit(endpoint)
    claims = {
        "aud": f"{where.scheme}://{where.netloc}",
        "exp": int(time.time()) + LIFETIME_SECONDS,
        "sub": contact,
    }
    head = text_of(msgspec.json.encode({"typ": "JWT", "alg": "ES256"}))
    signed = f"{head}.{text_of(msgspec.json.encode(claims))}"
    r, s = decode_dss_signature(_key(secret).sign(signed.encode(), ec.ECDSA(hashes.SHA256())))
    token = f"{signed}.{text_of(r.to_bytes(32) + s.to_bytes(32))}"
    return f"vapid t={token}, k={public_key(secret)}"
