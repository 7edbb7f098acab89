"""OpenSSL as the `ssl` module has it loaded, for what the module itself can't set."""

import ctypes
import ssl
import sys
from collections.abc import Mapping
from ctypes import c_char_p, c_int, c_long, c_ulong, c_void_p
from typing import Any, Final


def _loaded() -> Any:
    """The library; None where this Python's OpenSSL can't be reached."""
    if sys.implementation.name != "cpython":
        return None
    import _ssl

    try:
        library = ctypes.CDLL(getattr(_ssl, "__file__", None))
        library.SSL_CTX_ctrl.argtypes = (c_void_p, c_int, c_long, c_char_p)
        library.SSL_CTX_ctrl.restype = c_long
        library.ERR_clear_error.argtypes = ()
        library.ERR_clear_error.restype = None
        library.OpenSSL_version_num.argtypes = ()
        library.OpenSSL_version_num.restype = c_ulong
    except (OSError, AttributeError):
        return None
    return library if library.OpenSSL_version_num() == ssl.OPENSSL_VERSION_NUMBER else None


LIBRARY: Final = _loaded()

Functions = Mapping[str, tuple[Any, tuple[Any, ...]]]
"""Name → what it gives, and what it takes."""


def with_functions(functions: Functions) -> Any:
    """The library with these functions; None where one is not to be found in it."""
    try:
        for name, (gives, takes) in functions.items():
            function = getattr(LIBRARY, name)
            function.restype, function.argtypes = gives, takes
    except AttributeError:
        return None
    return LIBRARY


def pointer(context: ssl.SSLContext) -> c_void_p:
    """OpenSSL's own context, to which CPython's begins with the pointer."""
    return c_void_p.from_address(id(context) + object.__basicsize__)


def control(context: ssl.SSLContext, what: int, number: int, text: bytes | None = None) -> bool:
    """SSL_CTX_ctrl; False where OpenSSL refuses it or can't be reached."""
    if LIBRARY is None:
        return False
    if LIBRARY.SSL_CTX_ctrl(pointer(context), what, number, text) > 0:
        return True
    LIBRARY.ERR_clear_error()  # Else the next handshake would be taken for one that failed.
    return False
