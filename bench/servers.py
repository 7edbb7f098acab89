"""The servers that are measured: Hubbub, the limit, and others' IRC servers where they are installed.

All are told to slow nobody down, and to look up no names.
"""

import contextlib
import os
import re
import resource
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from .native import CACHE, program

START_SECONDS: Final = 30
RESOLVER: Final = "127.53.53.53"
HYBRID: Final = CACHE / "ircd-hybrid"
"""Where its package is unpacked."""

FILES: Final = 65_536
"""How many connections a server may hold."""


@dataclass(frozen=True, slots=True)
class Running:
    """A server that is up; the ports are those of the loopback, 0 where there is none."""

    name: str
    pid: int
    port: int
    tls_port: int = 0
    folder: Path = field(default_factory=Path)

    @property
    def resident_kib(self) -> int:
        """The memory that it has at the moment."""
        lines = Path(f"/proc/{self.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS"))


@dataclass(frozen=True, slots=True)
class Kind:
    """A server to measure, and how it is started in a folder of its own."""

    name: str

    @property
    def is_here(self) -> bool:
        return True

    @property
    def has_tls(self) -> bool:
        return True

    @contextlib.contextmanager
    def running(self) -> Iterator[Running]:
        """Stopped at the end, with its folder."""
        with (
            tempfile.TemporaryDirectory(prefix="hubbub-bench-") as folder,
            self.started(Path(folder)) as server,
        ):
            yield server

    def started(self, folder: Path) -> contextlib.AbstractContextManager[Running]:
        raise NotImplementedError


class Limit(Kind):
    """What only copies."""

    has_tls = False

    @contextlib.contextmanager
    def started(self, folder: Path) -> Iterator[Running]:
        with _process(
            [str(program("limit"))], folder, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        ) as process:
            assert process.stdout is not None
            yield Running(self.name, process.pid, int(process.stdout.readline().split()[1]))


class Hubbub(Kind):
    """This server, as it is but for its limits: each message is on disk before anybody is shown it."""

    @contextlib.contextmanager
    def started(self, folder: Path) -> Iterator[Running]:
        (folder / "hubbub.toml").write_text(
            'limits.exempt = ["127.0.0.0/8"]\nlimits.lines_a_second = 0\nlimits.send_queue_bytes = 0\n'
            "limits.connections = 0\nlog.console = false\n"
        )
        command = [sys.executable, "-m", "hubbub", "serve", "-p", "0", "--data", str(folder)]
        with _process(command, folder, stdout=subprocess.PIPE) as process:
            assert process.stdout is not None
            port = 0
            for line in process.stdout:
                if found := re.search(rb"port (\d+)", line):
                    port = int(found[1])
                if b"Stop it with" in line:
                    break
            else:
                raise RuntimeError(f"Hubbub did not come up: {(folder / 'output').read_text()}")
            yield Running(self.name, process.pid, port, port, folder)


class Peer(Kind):
    """A server that others have written; its configuration is a file."""

    program = ""
    configuration = ""

    @property
    def is_here(self) -> bool:
        return shutil.which(self.program, path=f"{os.environ.get('PATH', '')}:/usr/sbin") is not None

    def command(self, folder: Path) -> Sequence[str]:
        raise NotImplementedError

    @contextlib.contextmanager
    def started(self, folder: Path) -> Iterator[Running]:
        port, tls_port = free_port(), free_port()
        certificate, key = _certificate(folder)
        (folder / "server.conf").write_text(
            self.configuration
            % {"port": port, "tls_port": tls_port, "folder": folder, "crt": certificate, "key": key}
        )
        with _process(self.command(folder), folder) as process:
            if not _answers(process, port):
                raise RuntimeError(f"{self.name} did not come up: {(folder / 'output').read_text()}")
            yield Running(self.name, process.pid, port, tls_port)


class InspIRCd(Peer):
    program = "inspircd"
    configuration = """
<config format="xml">
<server name="irc.example.org" description="Bench" network="Example" id="001">
<bind address="127.0.0.1" port="%(port)d" type="clients">
<bind address="127.0.0.1" port="%(tls_port)d" type="clients" sslprofile="bench">
<module name="ssl_gnutls">
<sslprofile name="bench" provider="gnutls" certfile="%(crt)s" keyfile="%(key)s">
<connect allow="*" timeout="100" commandrate="100000000" threshold="1000000" fakelag="no" useident="no" modes=""
         resolvehostnames="no" localmax="100000" globalmax="100000" maxchans="100" pingfreq="10m" maxconnwarn="no"
         softsendq="100M" hardsendq="200M" recvq="1M" uniqueusername="no">
<options prefixquit="" syntaxhints="no" casemapping="rfc1459" maxtargets="20">
<performance softlimit="60000" somaxconn="4096" clonesonconnect="no" timeskipwarn="0">
<dns timeout="1" server="127.0.0.1">
<pid file="%(folder)s/inspircd.pid">
<path configdir="%(folder)s" datadir="%(folder)s" logdir="%(folder)s" runtimedir="%(folder)s">
<module name="cap"><module name="ircv3"><module name="ircv3_batch"><module name="ircv3_ctctags">
<module name="ircv3_echomessage"><module name="ircv3_labeledresponse"><module name="ircv3_accounttag">
<module name="ircv3_servertime"><module name="ircv3_capnotify"><module name="namesx">
"""

    def command(self, folder: Path) -> Sequence[str]:
        root = ["--runasroot"] if os.getuid() == 0 else []
        return ["/usr/sbin/inspircd", "--nofork", "--nolog", *root, f"--config={folder}/server.conf"]


class NgIRCd(Peer):
    program = "ngircd"
    configuration = """
[Global]
Name = irc.example.org
Info = Bench
Listen = 127.0.0.1
Ports = %(port)d
ServerUID = root
ServerGID = root
[Limits]
MaxConnections = 0
MaxConnectionsIP = 0
MaxJoins = 100
MaxNickLength = 16
MaxPenaltyTime = 0
PingTimeout = 600
[Options]
DNS = no
Ident = no
PAM = no
ChrootDir =
PidFile =
[SSL]
CertFile = %(crt)s
KeyFile = %(key)s
Ports = %(tls_port)d
"""

    def command(self, folder: Path) -> Sequence[str]:
        return ["/usr/sbin/ngircd", "--nodaemon", "--config", f"{folder}/server.conf"]


class Hybrid(Peer):
    """Its package can't be installed beside ngIRCd's: it is unpacked, and laid over the system's files for it alone."""

    has_tls = False
    program = "unshare"
    configuration = """
serverinfo { name = "irc.example.org"; description = "Bench"; network_name = "Example"; network_description = "Bench";
    sid = "0HY"; max_clients = 20000; max_nick_length = 16; };
admin { name = "x"; description = "x"; email = "<x@example.org>"; };
class { name = "users"; ping_time = 600 seconds; number_per_ip_local = 100000; number_per_ip_global = 100000;
    max_number = 100000; sendq = 100 megabytes; recvq = 8000 bytes; };
auth { user = "*@*"; class = "users"; flags = can_flood, exceed_limit, no_tilde; };
listen { host = "127.0.0.1"; port = %(port)d; };
general { disable_auth = yes; throttle_count = 100000; throttle_time = 1 second; pace_wait = 0; pace_wait_simple = 0;
    default_floodcount = 0; max_targets = 10; ping_cookie = no; anti_nick_flood = no; };
channel { max_channels = 100; default_join_flood_count = 0; };
"""

    @property
    def is_here(self) -> bool:
        return HYBRID.is_dir() and os.getuid() == 0

    def command(self, folder: Path) -> Sequence[str]:
        # It refuses to run as root, and looks up whoever comes.
        folder.chmod(0o777)
        (folder / "resolv.conf").write_text(f"nameserver {RESOLVER}\n")
        files = [f"-{name}file {folder}/{name}" for name in ("log", "pid", "dline", "kline", "xline", "resv")]
        script = (
            f"mount -t overlay overlay -o lowerdir={HYBRID}/usr:/usr /usr && "
            f"mount --bind {folder}/resolv.conf /etc/resolv.conf && "
            "exec setpriv --reuid=65534 --regid=65534 --clear-groups /usr/sbin/ircd-hybrid -foreground "
            f"-configfile {folder}/server.conf {' '.join(files)}"
        )
        return ["unshare", "--mount", "sh", "-c", script]

    @contextlib.contextmanager
    def started(self, folder: Path) -> Iterator[Running]:
        with _nobody_is_known(), super().started(folder) as server:
            yield server


LIMIT: Final = Limit("the limit in C")
HUBBUB: Final = Hubbub("Hubbub")
PEERS: Final = (InspIRCd("InspIRCd"), NgIRCd("ngIRCd"), Hybrid("ircd-hybrid"))


def install_peers() -> None:
    """Install what Debian has of others' servers, as root, and let none of them run by itself. Raises OSError."""
    if os.getuid():
        raise PermissionError("Only root can install the other servers. Run it as root, or without PEERS.")
    missing = {"inspircd", "ngircd"} - {peer.program for peer in PEERS if peer.is_here}
    packages = [*sorted(missing), "gcc", "libc6-dev", "libssl-dev", "util-linux"]
    _quietly("apt-get", "update")
    _quietly("apt-get", "install", "--yes", "--no-install-recommends", *packages)
    for service in missing:
        subprocess.run(["service", service, "stop"], capture_output=True)
    if not HYBRID.is_dir():
        with tempfile.TemporaryDirectory() as folder:
            _quietly("apt-get", "download", "ircd-hybrid", folder=folder)
            package = next(Path(folder).glob("ircd-hybrid*.deb"))
            needed = _quietly("dpkg-deb", "--field", str(package), "Depends")
            libraries = re.findall(r"(?:^|, )([a-z0-9][a-z0-9+.-]+)", needed)
            _quietly("apt-get", "install", "--yes", "--no-install-recommends", *libraries)
            _quietly("dpkg-deb", "--extract", str(package), str(HYBRID))


def _quietly(*command: str, folder: str | None = None) -> str:
    """What it has said; OSError where it fails."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise OSError(f"{' '.join(command)} has failed: {done.stderr.strip()}")
    return done.stdout


@contextlib.contextmanager
def _nobody_is_known() -> Iterator[None]:
    """A resolver that knows no name; ircd-hybrid waits for its answer about everybody who comes."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.bind((RESOLVER, 53))

        def answer() -> None:
            while (question := sock.recvfrom(512))[0]:
                asked, asker = question
                # RFC 1035, 4.1.1: an answer, with recursion, that says that there is no such name.
                sock.sendto(asked[:2] + b"\x81\x83" + asked[4:6] + bytes(6) + asked[12:], asker)

        thread = threading.Thread(target=answer)
        thread.start()
        try:
            yield
        finally:
            sock.sendto(b"", sock.getsockname())
            thread.join()


@contextlib.contextmanager
def _process(
    command: Sequence[str], folder: Path, stdin: int = subprocess.DEVNULL, stdout: int | None = None
) -> Iterator[subprocess.Popen[bytes]]:
    """A process with enough open files, ended at the end; what it has said stands in `output`."""
    with (folder / "output").open("wb") as output:
        process = subprocess.Popen(
            command,
            stdin=stdin,
            stdout=output if stdout is None else stdout,
            stderr=output,
            env=environment(),
            preexec_fn=_allow_files,
        )
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        for stream in (process.stdin, process.stdout):
            if stream:
                stream.close()


def environment() -> dict[str, str]:
    """In which Python keeps what it has compiled, as it does on machines where nobody forbids it."""
    kept = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPYCACHEPREFIX": str(CACHE / "pyc")}


def _allow_files() -> None:
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(FILES, most), most))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def free_port() -> int:
    """One of the loopback that nobody has at the moment."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port


def _answers(process: subprocess.Popen[bytes], port: int) -> bool:
    """Whether it takes connections, waiting for it as long as it runs."""
    for _ in range(START_SECONDS * 20):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return True
        if process.poll() is not None:
            break
        time.sleep(0.05)
    return False


def _certificate(folder: Path) -> tuple[Path, Path]:
    """For anybody who speaks TLS here; of the kind that Hubbub makes itself."""
    from hubbub.transports.certificates import OwnCertificate

    made = OwnCertificate(folder / "tls", ("localhost",))
    made.renew()
    return made.chain, made.key
