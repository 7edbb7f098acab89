"""The server's certificate: made, renewed, given, changed, broken."""

import datetime
import hashlib
import json
import socket
import ssl
import stat
import subprocess
import sys
from pathlib import Path

import pytest
import trustme
from cryptography import x509
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_pem_private_key,
)

from hubbub.transports import certificates
from hubbub.transports.base import WireProtocol
from hubbub.transports.certificate_authority import _read
from hubbub.transports.certificates import Certificates, CertificateUnusable, GivenCertificate, OwnCertificate
from tests.transports.listener_harness import call, open_listener

TODAY = datetime.datetime.now(datetime.UTC)


class Clock:
    """A day that the test turns."""

    def __init__(self) -> None:
        self.days = 0

    def __call__(self) -> datetime.datetime:
        return TODAY + datetime.timedelta(days=self.days)


def read(file: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate(file.read_bytes())


def names_of(certificate: x509.Certificate) -> list[str]:
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return [str(name.value) for name in names]


def given(folder: Path, *names: str) -> GivenCertificate:
    source = GivenCertificate(folder / "chain.pem", folder / "key.pem")
    put(source, *names)
    return source


def put(source: GivenCertificate, *names: str) -> None:
    certificate = trustme.CA().issue_cert(*names)
    certificate.cert_chain_pems[0].write_to_path(source.chain)
    certificate.private_key_pem.write_to_path(source.key)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "tls"


def test_the_first_start_makes_one_for_the_machine(folder: Path) -> None:
    Certificates(OwnCertificate(folder, ["chat.test", "192.0.2.7"]))
    certificate = read(folder / "server.pem")
    assert {"localhost", "127.0.0.1", "::1", "chat.test", "192.0.2.7"} <= set(names_of(certificate))
    validity = certificate.not_valid_after_utc - certificate.not_valid_before_utc
    assert validity <= datetime.timedelta(days=398)
    authority = read(folder / "authority.pem")
    certificate.verify_directly_issued_by(authority)
    assert authority.not_valid_after_utc > TODAY + datetime.timedelta(days=3650)


def test_keys_are_nobody_elses(folder: Path) -> None:
    Certificates(OwnCertificate(folder))
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    for file in folder.iterdir():
        assert stat.S_IMODE(file.stat().st_mode) == 0o600, file.name
    holding_keys = [file.name for file in folder.iterdir() if "PRIVATE KEY" in file.read_text()]
    assert sorted(holding_keys) == ["authority.key", "server.pem"]


async def test_whoever_trusts_the_authority_trusts_the_server(folder: Path) -> None:
    certificates = Certificates(OwnCertificate(folder))
    client = ssl.create_default_context(cafile=str(folder / "authority.pem"))
    client.set_alpn_protocols(["irc"])
    client.verify_flags |= ssl.VERIFY_X509_STRICT
    async with (
        open_listener(tls="auto", context=certificates.context) as harness,
        call(harness, client, name="localhost") as caller,
    ):
        tls = caller.writer.get_extra_info("ssl_object")
        assert tls.version() == "TLSv1.3"
        peer = (await harness.receiver()).connection.peer
        assert (peer.secure, peer.kind, peer.server_name) == (True, WireProtocol.IRC, "localhost")


def test_the_second_start_reads_what_is_there(folder: Path) -> None:
    first = Certificates(OwnCertificate(folder))
    code = (
        "import sys; from pathlib import Path; from hubbub.transports.certificates import *;"
        "print(Certificates(OwnCertificate(Path(sys.argv[1]))).fingerprint());"
        "print([name for name in sys.modules if name.startswith('cryptography')])"
    )
    result = subprocess.run(
        [sys.executable, "-c", code, str(folder)], capture_output=True, text=True, check=True
    )
    assert result.stdout.splitlines() == [first.fingerprint(), "[]"]


def test_it_is_renewed_a_month_before_its_end(folder: Path) -> None:
    clock = Clock()
    certificates = Certificates(OwnCertificate(folder, now=clock))
    first, authority, context = (
        certificates.fingerprint(),
        read(folder / "authority.pem"),
        certificates.context(),
    )
    clock.days = 365
    assert certificates.reload() is None
    assert (certificates.fingerprint(), certificates.context()) == (first, context)
    clock.days = 367
    assert certificates.reload() is None
    assert certificates.fingerprint() != first
    assert certificates.context() is not context
    assert read(folder / "authority.pem") == authority
    left = read(folder / "server.pem").not_valid_after_utc - clock()
    assert left > datetime.timedelta(days=390)


def test_one_made_while_the_clock_was_ahead_is_renewed(folder: Path) -> None:
    clock = Clock()
    clock.days = 40
    first = Certificates(OwnCertificate(folder, now=clock)).fingerprint()
    clock.days = 0
    assert Certificates(OwnCertificate(folder, now=clock)).fingerprint() != first
    assert read(folder / "server.pem").not_valid_before_utc <= clock()


def test_an_authority_made_while_the_clock_was_ahead_is_replaced(folder: Path) -> None:
    """A certificate under it would be nobody's to trust before its time."""
    clock = Clock()
    clock.days = 400
    Certificates(OwnCertificate(folder, now=clock))
    ahead = read(folder / "authority.pem")
    clock.days = 0
    for _ in range(2):
        Certificates(OwnCertificate(folder, now=clock))
        authority, own = read(folder / "authority.pem"), read(folder / "server.pem")
        assert authority.not_valid_before_utc <= clock() < authority.not_valid_after_utc
        own.verify_directly_issued_by(authority)
    assert authority.serial_number != ahead.serial_number


def test_the_authority_is_renewed_before_it_would_end_first(folder: Path) -> None:
    clock = Clock()
    certificates = Certificates(OwnCertificate(folder, now=clock))
    authority = read(folder / "authority.pem")
    clock.days = 3300
    certificates.reload()
    assert read(folder / "authority.pem") != authority
    read(folder / "server.pem").verify_directly_issued_by(read(folder / "authority.pem"))


def test_a_new_name_makes_a_new_one(folder: Path) -> None:
    first = Certificates(OwnCertificate(folder)).fingerprint()
    second = Certificates(OwnCertificate(folder, ["chat.test"])).fingerprint()
    assert second != first
    assert Certificates(OwnCertificate(folder)).fingerprint() == second


def test_a_new_address_makes_a_new_one(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    certificates = Certificates(OwnCertificate(folder))
    first = certificates.fingerprint()
    monkeypatch.setattr("hubbub.transports.certificates.own_addresses", lambda: ["192.168.7.99"])
    assert certificates.reload() is None
    assert certificates.fingerprint() != first
    assert "192.168.7.99" in names_of(read(folder / "server.pem"))


@pytest.mark.parametrize("file", ["server.pem", "server.json", "authority.key"])
@pytest.mark.parametrize("content", [None, b"", b"garbage", b"[]"])
def test_a_broken_file_is_made_anew(folder: Path, file: str, content: bytes | None) -> None:
    first = Certificates(OwnCertificate(folder)).fingerprint()
    if content is None:
        (folder / file).unlink()
    else:
        (folder / file).write_bytes(content)
    again = Certificates(OwnCertificate(folder, ["chat.test"]))
    assert again.fingerprint() != first
    read(folder / "server.pem").verify_directly_issued_by(read(folder / "authority.pem"))


def test_a_hosts_odd_name_is_left_out(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "gethostname", lambda: "böse_maschine")
    Certificates(OwnCertificate(folder))
    assert "böse_maschine" not in json.loads((folder / "server.json").read_text())["names"]


def test_a_name_that_cannot_be_is_refused(folder: Path) -> None:
    with pytest.raises(CertificateUnusable, match=r"The name a\.\.b can't be in a certificate"):
        Certificates(OwnCertificate(folder, ["a..b"]))


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "tls").write_text("a file")
    with pytest.raises(CertificateUnusable, match="tls"):
        Certificates(OwnCertificate(tmp_path / "tls"))


def test_a_given_one_is_used_and_read_anew(tmp_path: Path) -> None:
    source = given(tmp_path, "one.test")
    certificates = Certificates(source)
    der = ssl.PEM_cert_to_DER_cert(source.chain.read_text())
    assert certificates.fingerprint() == hashlib.sha256(der).hexdigest()
    context = certificates.context()
    assert certificates.reload() is None
    assert certificates.context() is context
    put(source, "two.test")
    assert certificates.reload() is None
    assert certificates.context() is not context
    assert certificates.fingerprint() != hashlib.sha256(der).hexdigest()


def test_a_bad_new_one_keeps_the_old_one(tmp_path: Path) -> None:
    source = given(tmp_path, "one.test")
    certificates = Certificates(source)
    context, fingerprint = certificates.context(), certificates.fingerprint()
    old_key = source.key.read_bytes()
    put(source, "two.test")
    new_key = source.key.read_bytes()
    source.key.write_bytes(old_key)
    sentence = certificates.reload()
    assert sentence == (
        f"The key {source.key} does not belong to the certificate {source.chain}. The server keeps using "
        "the current certificate."
    )
    assert (certificates.context(), certificates.fingerprint()) == (context, fingerprint)
    assert certificates.reload() is None
    source.key.unlink()
    assert str(certificates.reload()).startswith(f"The file {source.key} does not exist.")
    source.key.write_bytes(new_key)
    assert certificates.reload() is None
    assert certificates.context() is not context


@pytest.mark.parametrize("content", [b"", b"garbage", bytes(range(256))])
def test_a_file_without_a_certificate_is_named(tmp_path: Path, content: bytes) -> None:
    source = given(tmp_path, "one.test")
    source.chain.write_bytes(content)
    with pytest.raises(CertificateUnusable, match=r"chain\.pem"):
        Certificates(source)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(CertificateUnusable, match=r"The file .*chain\.pem does not exist"):
        Certificates(GivenCertificate(tmp_path / "chain.pem", tmp_path / "key.pem"))


def test_a_folder_instead_of_a_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(CertificateUnusable, match=r"cannot be read: Is a directory"):
        Certificates(GivenCertificate(tmp_path, tmp_path))


def test_a_locked_key_is_refused_and_not_asked_for(tmp_path: Path) -> None:
    source = given(tmp_path, "one.test")
    key = load_pem_private_key(source.key.read_bytes(), password=None)
    locked = tmp_path / "locked.pem"
    locked.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"x")))
    with pytest.raises(CertificateUnusable, match="protected with a password"):
        Certificates(GivenCertificate(source.chain, locked))


def test_old_protocols_are_refused(folder: Path) -> None:
    context = Certificates(OwnCertificate(folder)).context()
    assert context.minimum_version is ssl.TLSVersion.TLSv1_2


def test_its_names_are_known_and_read_anew(tmp_path: Path) -> None:
    source = given(tmp_path, "chat.test", "*.wild.test")
    certificates = Certificates(source)
    assert certificates.names() == {"chat.test", "*.wild.test"}
    put(source, "talk.test")
    assert certificates.names() == {"chat.test", "*.wild.test"}
    assert certificates.reload() is None
    assert certificates.names() == {"talk.test"}


def signed(folder: Path, *names: str) -> tuple[Path, Path]:
    """A certificate that somebody who has the authority's key makes for names that are not the server's."""
    authority = _read((folder / "authority.key").read_bytes())
    issued = authority.issue(names, TODAY)
    file = folder / "forged.pem"
    file.write_bytes(issued.pem)
    return file, folder / "authority.pem"


@pytest.mark.parametrize(
    ("name", "is_good"),
    [
        *(
            ("chat.example", True),
            ("voice.chat.example", True),
            ("printer.local", True),
            ("192.168.7.9", True),
        ),
        *(("bank.example", False), ("example", False), ("notchat.example", False), ("198.51.100.7", False)),
        *(("203.0.113.5", True), ("203.0.113.6", False), ("2001:db8::5", True), ("2001:db8::6", False)),
    ],
)
def test_the_authority_is_good_for_the_servers_names_alone(tmp_path: Path, name: str, is_good: bool) -> None:
    """Whoever has imported it need not fear that it signs for a bank: OpenSSL refuses such a certificate."""
    OwnCertificate(tmp_path, ["chat.example", "203.0.113.5", "2001:db8::5"]).renew()
    forged, trusted = signed(tmp_path, name)
    asked = ["openssl", "verify", "-CAfile", str(trusted), "-purpose", "sslserver", str(forged)]
    verified = subprocess.run(asked, capture_output=True, text=True, check=False)
    assert (verified.returncode == 0) is is_good, verified.stderr
    assert is_good or "permitted subtree violation" in verified.stderr
    assert _read((tmp_path / "authority.key").read_bytes()).may_name(name) is is_good
    assert (handshake(forged, trusted, name) == "") is is_good


def handshake(certificate: Path, trusted: Path, name: str) -> str:
    """Why Python's ssl does not trust a server with this certificate, in memory; empty if it does."""
    server, client = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER), ssl.create_default_context(cafile=str(trusted))
    server.load_cert_chain(certificate)
    there, back = ssl.MemoryBIO(), ssl.MemoryBIO()
    peers = (
        client.wrap_bio(back, there, server_hostname=name),
        server.wrap_bio(there, back, server_side=True),
    )
    for _ in range(4):
        for peer in peers:
            try:
                peer.do_handshake()
            except ssl.SSLWantReadError:
                continue
            except ssl.SSLCertVerificationError as error:
                return error.verify_message
    return ""


def test_a_name_that_is_added_makes_another_authority_only_where_it_must(tmp_path: Path) -> None:
    def authority(*names: str) -> bytes:
        OwnCertificate(tmp_path, names).renew()
        return (tmp_path / "authority.pem").read_bytes()

    first = authority("chat.example")
    assert authority("chat.example", "voice.chat.example", "10.1.2.3", "hub.local") == first
    assert authority("chat.example", "other.example") != first


def test_an_authority_of_an_older_version_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """People have imported it; a new one is made when the file is taken away."""
    with monkeypatch.context() as older:
        builder = x509.CertificateBuilder.add_extension
        older.setattr(
            x509.CertificateBuilder,
            "add_extension",
            lambda self, value, critical: (
                self if isinstance(value, x509.NameConstraints) else builder(self, value, critical)
            ),
        )
        OwnCertificate(tmp_path, ["chat.example"]).renew()
    old = (tmp_path / "authority.pem").read_bytes()
    OwnCertificate(tmp_path, ["chat.example", "other.example"]).renew()
    assert (tmp_path / "authority.pem").read_bytes() == old
    (tmp_path / "authority.key").unlink()
    (tmp_path / "server.json").unlink()
    OwnCertificate(tmp_path, ["chat.example"]).renew()
    assert (tmp_path / "authority.pem").read_bytes() != old
    assert not _read((tmp_path / "authority.key").read_bytes()).may_name("other.example")


def test_another_name_or_address_of_the_machine_makes_no_other_authority(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Whoever has imported it comes in as before, by every name that it may sign for."""

    def move(host: str, *addresses: str) -> bytes:
        monkeypatch.setattr(socket, "gethostname", lambda: host)
        monkeypatch.setattr(certificates, "own_addresses", lambda: list(addresses))
        OwnCertificate(tmp_path, ["chat.example"]).renew()
        return (tmp_path / "authority.pem").read_bytes()

    def is_trusted(name: str) -> bool:
        return handshake(tmp_path / "server.pem", tmp_path / "authority.pem", name) == ""

    first = move("laptop", "192.168.1.5", "2001:db8::5")
    assert all(map(is_trusted, ("laptop", "192.168.1.5", "2001:db8::5"))) and not caplog.messages
    assert move("notebook", "192.168.1.6", "2001:db8::6", "203.0.113.9") == first
    assert all(map(is_trusted, ("localhost", "127.0.0.1", "::1", "192.168.1.6", "chat.example")))
    assert not any(map(is_trusted, ("notebook", "2001:db8::6", "203.0.113.9")))
    (said,) = caplog.messages
    assert "may not sign for notebook, 2001:db8::6, 203.0.113.9, so" in said
    issued = (tmp_path / "server.pem").read_bytes()
    assert move("notebook", "192.168.1.6", "2001:db8::6", "203.0.113.9") == first
    assert (tmp_path / "server.pem").read_bytes() == issued and len(caplog.messages) == 1
    OwnCertificate(tmp_path, ["chat.example", "notebook"]).renew()
    assert (tmp_path / "authority.pem").read_bytes() != first and is_trusted("notebook")


@pytest.mark.parametrize("host", ["a..b", "x" * 64])
def test_a_host_name_that_no_certificate_can_name_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, host: str
) -> None:
    monkeypatch.setattr(socket, "gethostname", lambda: host)
    OwnCertificate(tmp_path, ["chat.example"]).renew()
    assert handshake(tmp_path / "server.pem", tmp_path / "authority.pem", "chat.example") == ""
