"""The ways into a real server beside the plain ones: through a proxy, with a certificate, from a browser."""

import asyncio
import base64
import socket
import ssl
import struct
from pathlib import Path

import trustme
from wsproto import ConnectionType, WSConnection
from wsproto.events import AcceptConnection, Request, TextMessage

from tests.patience import PATIENCE_SECONDS
from tests.server_process import Line, ServerProcess

TLS_FIELD = b"\x20\x00\x05\x01\x00\x00\x00\x00"


def header(address: str, more: bytes) -> bytes:
    """What a proxy says first, in version 2."""
    addresses = socket.inet_aton(address) + socket.inet_aton("127.0.0.1") + struct.pack("!HH", 40001, 12345)
    body = addresses + more
    return b"\r\n\r\n\x00\r\nQUIT\n" + struct.pack("!BBH", 0x21, 0x11, len(body)) + body


async def test_through_a_proxy(tmp_path: Path) -> None:
    settings = {"HUBBUB_SERVER_PROXIES": "127.0.0.1"}
    async with ServerProcess(tmp_path / "data", settings=settings) as server:
        secure = await server.connect()
        secure.writer.write(header("198.51.100.3", TLS_FIELD))
        secure.type("NICK ann", "USER ann 0 * :Ann", "WHOIS ann")
        lines = await secure.until(" 318 ann ann ")
        assert any(" 671 ann ann " in line for line in lines)
        assert any(" 338 ann ann 198.51.100.3" in line for line in lines)
        # From elsewhere nobody comes in clear, whatever stands between.
        clear = await server.connect()
        clear.writer.write(header("198.51.100.3", b""))
        clear.type("NICK eve", "USER eve 0 * :Eve")
        await clear.until("TLS")


async def _over_tls(port: int, context: ssl.SSLContext) -> Line:
    return Line(*await asyncio.open_connection("127.0.0.1", port, ssl=context, server_hostname="localhost"))


async def test_with_a_certificate_of_ones_own(tmp_path: Path) -> None:
    async with ServerProcess(tmp_path / "data") as server:
        context = ssl.create_default_context(cafile=str(tmp_path / "data" / "tls" / "authority.pem"))
        own = trustme.CA().issue_cert("ann@example.org")
        own.private_key_and_cert_chain_pem.write_to_path(str(tmp_path / "ann.pem"))
        context.load_cert_chain(tmp_path / "ann.pem")
        ann = await _over_tls(server.port, context)
        ann.type("NICK ann", "USER ann 0 * :Ann", "REGISTER * * :correct horse", "NS CERT ADD")
        await ann.until("can now sign in to your account by SASL EXTERNAL")
        await ann.close()
        again = await _over_tls(server.port, context)
        again.type("CAP LS 302", "CAP REQ sasl", "NICK ann", "USER ann 0 * :Ann", "AUTHENTICATE EXTERNAL")
        lines = await again.until("AUTHENTICATE +")
        assert any("sasl=PLAIN,SCRAM-SHA-256,EXTERNAL,OAUTHBEARER" in line for line in lines)
        again.type(f"AUTHENTICATE {base64.b64encode(b'ann').decode()}", "CAP END")
        lines = await again.until(" 001 ann ")
        assert any(" 900 ann " in line for line in lines) and any(" 903 ann " in line for line in lines)
        await again.close()


async def test_from_a_browser_over_tls(tmp_path: Path) -> None:
    async with ServerProcess(tmp_path / "data") as server:
        context = ssl.create_default_context(cafile=str(tmp_path / "data" / "tls" / "authority.pem"))
        context.set_alpn_protocols(["http/1.1"])
        line = await _over_tls(server.port, context)
        end = WSConnection(ConnectionType.CLIENT)
        host = f"localhost:{server.port}"
        origin = [(b"Origin", f"https://{host}".encode())]
        line.writer.write(
            end.send(Request(host, "/irc", subprotocols=["text.ircv3.net"], extra_headers=origin))
        )
        words = ("NICK web", "USER web 0 * :Web")
        shown: list[str] = []
        async with asyncio.timeout(PATIENCE_SECONDS):
            while not any(" 422 " in text for text in shown):
                end.receive_data(await line.reader.read(65536))
                for event in end.events():
                    if isinstance(event, AcceptConnection):
                        line.writer.write(b"".join(end.send(TextMessage(data=text)) for text in words))
                    elif isinstance(event, TextMessage):
                        shown.append(event.data)
        assert shown[0].endswith(" 001 web :Welcome to the Hubbub Network, web")
        await line.close()
