"""Client certificates: the TLS handshake that asks for one and accepts any signer.

A certificate that a client has made for itself is as good a proof as any: what counts is its fingerprint. The `ssl`
module can only ask for certificates of authorities that it knows, so OpenSSL itself is told to take them all, and to
look at no signature in them: a stranger's chain of keys that are costly to verify would stop the event loop for most of
a second. Browsers are not asked, since they would bother people with it: who offers protocols by ALPN is asked only if
`irc` is one.
"""

import ctypes
import ssl
from ctypes import POINTER, c_char, c_int, c_size_t, c_ubyte, c_uint, c_void_p
from typing import Final

from hubbub.transports.openssl import Functions, control, pointer, with_functions

CHAIN_BYTES_MAX: Final = 16_384
"""The longest certificate, with those of its signers: some three times what authorities give out."""
EXPONENT_BITS_MAX: Final = 64
"""Of an RSA key. Nearly all have 17; one as long as the key makes its one signature cost twenty handshakes."""

_SET_MAX_CERT_LIST: Final = 51
"""SSL_CTRL_SET_MAX_CERT_LIST of OpenSSL's ssl.h."""
_VERIFY_PEER: Final = 1
_CLIENT_HELLO_SUCCESS: Final = 1
_ALPN_EXTENSION: Final = 16
_IRC: Final = b"\x03irc"

_Verify: Final = ctypes.CFUNCTYPE(c_int, c_void_p, c_void_p)
_Hello: Final = ctypes.CFUNCTYPE(c_int, c_void_p, c_void_p, c_void_p)

_FUNCTIONS: Final[Functions] = {
    "SSL_CTX_set_client_hello_cb": (None, (c_void_p, _Hello, c_void_p)),
    "SSL_CTX_set_cert_verify_callback": (None, (c_void_p, _Verify, c_void_p)),
    "SSL_client_hello_get0_ext": (
        c_int,
        (c_void_p, c_uint, POINTER(POINTER(c_ubyte)), POINTER(c_size_t)),
    ),
    "SSL_set_verify": (None, (c_void_p, c_int, c_void_p)),
    "X509_STORE_CTX_get0_cert": (c_void_p, (c_void_p,)),
    "X509_get0_pubkey": (c_void_p, (c_void_p,)),
    "EVP_PKEY_get0_RSA": (c_void_p, (c_void_p,)),
    "RSA_get0_e": (c_void_p, (c_void_p,)),
    "BN_num_bits": (c_int, (c_void_p,)),
}


def ask_for_certificates(context: ssl.SSLContext) -> bool:
    """Let the context's clients be asked; False where this Python's OpenSSL can't be reached, and none is asked."""
    if _openssl is None or not control(context, _SET_MAX_CERT_LIST, CHAIN_BYTES_MAX):
        return False
    _openssl.SSL_CTX_set_cert_verify_callback(pointer(context), _on_certificate, None)
    _openssl.SSL_CTX_set_client_hello_cb(pointer(context), _on_hello, None)
    return True


def _take(store: int | None, argument: int | None) -> int:
    """In the place of all verification of a chain: whether its first certificate has a key that is cheap to use.

    That the client has this key, the handshake itself proves.
    """
    key = _openssl.X509_get0_pubkey(_openssl.X509_STORE_CTX_get0_cert(store))
    rsa = _openssl.EVP_PKEY_get0_RSA(key) if key else None
    _openssl.ERR_clear_error()  # It is no error that a key is of another kind.
    return int(rsa is None or _openssl.BN_num_bits(_openssl.RSA_get0_e(rsa)) <= EXPONENT_BITS_MAX)


def _hello(connection: int | None, alert: int | None, argument: int | None) -> int:
    data, length = POINTER(c_ubyte)(), c_size_t()
    offers = _openssl.SSL_client_hello_get0_ext(
        connection, _ALPN_EXTENSION, ctypes.byref(data), ctypes.byref(length)
    )
    if not offers or _IRC in ctypes.cast(data, POINTER(c_char))[: length.value]:
        _openssl.SSL_set_verify(connection, _VERIFY_PEER, None)
    return _CLIENT_HELLO_SUCCESS


# They live as long as OpenSSL may call them: for ever.
_on_certificate: Final = _Verify(_take)
_on_hello: Final = _Hello(_hello)
_openssl: Final = with_functions(_FUNCTIONS)
