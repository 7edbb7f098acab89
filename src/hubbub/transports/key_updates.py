"""Messages of TLS behind the handshake, such as updates of keys (RFC 8446, 4.6): so many and no more.

Each takes 50 µs, and OpenSSL handles all that a read has brought before it gives any data: ten megabytes of them would
stop the event loop for twenty seconds. Programs update a key after millions of records, if ever.
"""

import ctypes
import ssl
from ctypes import c_int, c_long, c_void_p
from typing import Final

from hubbub.transports.openssl import Functions, pointer, with_functions

STEPS_MAX: Final = 500
"""The most steps of a connection: some twenty of its handshake, and three to five for each message behind it."""

_STEP: Final = 1
"""SSL_CB_LOOP of OpenSSL's ssl.h."""
_RECEIVED_SHUTDOWN: Final = 2
_OF_CONNECTIONS: Final = 0
"""CRYPTO_EX_INDEX_SSL: a number that each connection has of its own."""

_Step: Final = ctypes.CFUNCTYPE(None, c_void_p, c_int, c_int)

_FUNCTIONS: Final[Functions] = {
    "SSL_CTX_set_info_callback": (None, (c_void_p, _Step)),
    "CRYPTO_get_ex_new_index": (c_int, (c_int, c_long, c_void_p, c_void_p, c_void_p, c_void_p)),
    "SSL_get_ex_data": (c_void_p, (c_void_p, c_int)),
    "SSL_set_ex_data": (c_int, (c_void_p, c_int, c_void_p)),
    "SSL_set_shutdown": (None, (c_void_p, c_int)),
}


def limit_key_updates(context: ssl.SSLContext) -> bool:
    """End each of the context's connections whose peer sends too many; False where OpenSSL can't be reached."""
    if _openssl is None:
        return False
    _openssl.SSL_CTX_set_info_callback(pointer(context), _on_step)
    return True


def _took_step(connection: int | None, where: int, result: int) -> None:
    """No step is taken for data: of these, OpenSSL tells nothing."""
    if not where & _STEP:
        return
    steps = (_openssl.SSL_get_ex_data(connection, _steps) or 0) + 1
    _openssl.SSL_set_ex_data(connection, _steps, steps)
    if steps > STEPS_MAX:
        # As if the peer had said that it is done: what else it has sent is thrown away.
        _openssl.SSL_set_shutdown(connection, _RECEIVED_SHUTDOWN)


_on_step: Final = _Step(_took_step)
_openssl: Final = with_functions(_FUNCTIONS)
_steps: Final = (
    _openssl.CRYPTO_get_ex_new_index(_OF_CONNECTIONS, 0, None, None, None, None) if _openssl else 0
)
