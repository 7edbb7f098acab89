"""The key exchanges of TLS: those over elliptic curves, which cost a millisecond.

Over finite fields an exchange costs whoever answers it up to a quarter of a second (ffdhe8192, RFC 7919), and over a
field that a server has chosen itself (TLS 1.2) seconds; the other side has no work to do for it. All handshakes run in
the one event loop. Every program of the last ten years can do without.
"""

import ssl
from typing import Final

from hubbub.transports.openssl import control

_SET_GROUPS_LIST: Final = 92
"""SSL_CTRL_SET_GROUPS_LIST of OpenSSL's ssl.h."""
_CURVES: Final = b"X25519:P-256:X448:P-384:P-521"
_HYBRID: Final = b"X25519MLKEM768:" if ssl.OPENSSL_VERSION_INFO >= (3, 5) else b""
_CURVE_EVERYWHERE: Final = "prime256v1"
_FINITE_FIELDS: Final = "kx-dhe"


def keep_to_curves(context: ssl.SSLContext) -> None:
    """Let the context's handshakes, as a client or as a server, agree on their keys over elliptic curves alone."""
    if not set_groups(context, _HYBRID + _CURVES):
        context.set_ecdh_curve(_CURVE_EVERYWHERE)
    ciphers = (one for one in context.get_ciphers() if one["protocol"] != "TLSv1.3")
    context.set_ciphers(":".join(one["name"] for one in ciphers if one["kea"] != _FINITE_FIELDS))


def set_groups(context: ssl.SSLContext, groups: bytes) -> bool:
    """Let keys be agreed on over these groups alone, the preferred ones first; False where they can't be set."""
    return control(context, _SET_GROUPS_LIST, 0, groups)
