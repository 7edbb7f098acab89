"""Updates of keys behind a handshake of TLS: a few are taken, and who sends thousands is cut off."""

import asyncio
import contextlib
import ssl
from ctypes import c_int, c_void_p
from pathlib import Path

import pytest

from hubbub.transports.certificates import Certificates
from hubbub.transports.key_updates import STEPS_MAX, _Step
from hubbub.transports.openssl import pointer, with_functions
from hubbub.web import safe_http_client
from tests.patience import PATIENCE_SECONDS
from tests.transports.listener_harness import open_listener
from tests.transports.test_certificates import given

OPENSSL = with_functions(
    {
        "SSL_CTX_set_info_callback": (None, (c_void_p, _Step)),
        "SSL_key_update": (c_int, (c_void_p, c_int)),
        "SSL_do_handshake": (c_int, (c_void_p,)),
    }
)
ANSWER_WANTED = 1


class Peer:
    """One end of TLS, of which OpenSSL's own connection is known; its bytes go where the test wants."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self._connections: list[int | None] = []
        self._seen = _Step(lambda connection, where, result: self._connections.append(connection))
        OPENSSL.SSL_CTX_set_info_callback(pointer(context), self._seen)
        self.incoming, self.outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = context.wrap_bio(self.incoming, self.outgoing)

    async def shake_hands(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            try:
                self.tls.do_handshake()
            except ssl.SSLWantReadError:
                writer.write(self.outgoing.read())
                self.incoming.write(await reader.read(65_536))
            else:
                return

    def update_keys(self, times: int) -> bytes:
        updates = bytearray()
        for _ in range(times):
            assert OPENSSL.SSL_key_update(self._connections[0], ANSWER_WANTED) == 1
            assert OPENSSL.SSL_do_handshake(self._connections[0]) == 1
            updates += self.outgoing.read()
        return bytes(updates)


@pytest.mark.parametrize("updates", [STEPS_MAX // 10, STEPS_MAX])
async def test_of_very_many_none_is_handled_any_more(tmp_path: Path, updates: int) -> None:
    certificates = Certificates(given(tmp_path, "localhost"))
    client = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    client.check_hostname, client.verify_mode = False, ssl.CERT_NONE
    peer = Peer(client)
    async with open_listener(tls="auto", context=certificates.context) as harness:
        reader, writer = await asyncio.open_connection("127.0.0.1", harness.listener.port)
        try:
            await peer.shake_hands(reader, writer)
            data = peer.outgoing.read() + peer.update_keys(updates)
            peer.tls.write(b"NICK ann\r\n")
            writer.write(data + peer.outgoing.read())
            if updates < STEPS_MAX:
                receiver = await harness.receiver()
                await harness.hears(receiver, b"NICK ann\r\n")
                return
            async with asyncio.timeout(PATIENCE_SECONDS):
                with contextlib.suppress(ConnectionError):
                    while await reader.read(65_536):
                        """Its answers, until the end."""
            assert harness.receivers == []
        finally:
            writer.close()


def test_other_machines_have_the_same_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    limited: list[ssl.SSLContext] = []
    monkeypatch.setattr(safe_http_client, "limit_key_updates", limited.append)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    assert safe_http_client._thrifty(context) is context and limited == [context]
