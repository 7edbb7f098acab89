"""Client certificates: the TLS handshake that asks for one and accepts any signer.

A certificate that a client has made for itself is as good a proof as any: what counts is its fingerprint. The `ssl`
module can only ask for certificates of authorities that it knows, so OpenSSL itself is told to take them all. Browsers
are not asked, since they would bother people with it: who offers protocols by ALPN is asked only if `irc` is one.
"""

import ctypes
import ssl
import sys
from ctypes import POINTER, c_char, c_int, c_size_t, c_ubyte, c_uint, c_void_p
from typing import Any, Final

_VERIFY_PEER: Final = 1
_CLIENT_HELLO_SUCCESS: Final = 1
_ALPN_EXTENSION: Final = 16
_IRC: Final = b"\x03irc"

_Verify: Final = ctypes.CFUNCTYPE(c_int, c_int, c_void_p)
_Hello: Final = ctypes.CFUNCTYPE(c_int, c_void_p, c_void_p, c_void_p)


def ask_for_certificates(context: ssl.SSLContext) -> bool:
    """Let the context's clients be asked; False where this Python's OpenSSL can't be reached, and none is asked."""
    if _openssl is None:
        return False
    # CPython's context object begins with the pointer to OpenSSL's.
    pointer = c_void_p.from_address(id(context) + object.__basicsize__)
    _openssl.SSL_CTX_set_client_hello_cb(pointer, _on_hello, None)
    return True


def _library() -> Any:
    """OpenSSL as the `ssl` module has it loaded; None if it is not to be found there."""
    if sys.implementation.name != "cpython":
        return None
    import _ssl

    try:
        library = ctypes.CDLL(getattr(_ssl, "__file__", None))
        library.SSL_CTX_set_client_hello_cb.argtypes = (c_void_p, _Hello, c_void_p)
        library.SSL_CTX_set_client_hello_cb.restype = None
        library.SSL_client_hello_get0_ext.argtypes = (
            c_void_p,
            c_uint,
            POINTER(POINTER(c_ubyte)),
            POINTER(c_size_t),
        )
        library.SSL_client_hello_get0_ext.restype = c_int
        library.SSL_set_verify.argtypes = (c_void_p, c_int, _Verify)
        library.SSL_set_verify.restype = None
    except (OSError, AttributeError):
        return None
    return library


def _take(is_verified: int, store: int | None) -> int:
    return 1


def _hello(connection: int | None, alert: int | None, argument: int | None) -> int:
    data, length = POINTER(c_ubyte)(), c_size_t()
    offers = _openssl.SSL_client_hello_get0_ext(
        connection, _ALPN_EXTENSION, ctypes.byref(data), ctypes.byref(length)
    )
    if not offers or _IRC in ctypes.cast(data, POINTER(c_char))[: length.value]:
        _openssl.SSL_set_verify(connection, _VERIFY_PEER, _on_certificate)
    return _CLIENT_HELLO_SUCCESS


# They live as long as OpenSSL may call them: for ever.
_on_certificate: Final = _Verify(_take)
_on_hello: Final = _Hello(_hello)
_openssl: Final = _library()
