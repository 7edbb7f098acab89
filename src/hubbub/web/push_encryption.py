"""Encryption of messages for Web Push (RFC 8291), so that only one browser can read them."""

import os
from base64 import urlsafe_b64decode
from typing import Final

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

RECORD_BYTES: Final = 4096
PLAIN_BYTES_MAX: Final = 3_900
"""The most plain bytes that fit into one record with its header, as push services accept it."""


def seal(
    plain: bytes,
    key: str,
    auth: str,
    own: ec.EllipticCurvePrivateKey | None = None,
    salt: bytes | None = None,
) -> bytes:
    """One record (RFC 8188, `aes128gcm`) of at most PLAIN_BYTES_MAX; `key` and `auth` are the browser's, as base64url.

    The server's key and the salt of 16 bytes are by chance, given in tests alone. ValueError for keys that are none.
    """
    if len(plain) > PLAIN_BYTES_MAX:
        raise ValueError(f"at most {PLAIN_BYTES_MAX} bytes fit")
    own = own or ec.generate_private_key(ec.SECP256R1())
    salt = salt or os.urandom(16)
    theirs, ours = _bytes(key), _point(own.public_key())
    shared = own.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), theirs))
    # RFC 8291, 3.4: first the two keys and the browser's secret are bound together, then the salt is mixed in.
    material = HKDF(hashes.SHA256(), 32, _bytes(auth), b"WebPush: info\0" + theirs + ours).derive(shared)
    content_key = HKDF(hashes.SHA256(), 16, salt, b"Content-Encoding: aes128gcm\0").derive(material)
    nonce = HKDF(hashes.SHA256(), 12, salt, b"Content-Encoding: nonce\0").derive(material)
    # RFC 8188, 2: 0x02 ends the last record.
    sealed = AESGCM(content_key).encrypt(nonce, plain + b"\x02", None)
    return salt + RECORD_BYTES.to_bytes(4) + bytes([len(ours)]) + ours + sealed


def _point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _bytes(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
