"""The command `hubbub`: serve, administer, show the settings, back up, restore and check."""

import asyncio
import contextlib
import gc
import getpass
import json
import os
import socket
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NoReturn

import click

from hubbub import __version__, config
from hubbub.invocation import program, quoted, typed

_data_option = click.option(
    "--data",
    metavar="DIR",
    help="The data folder. Default: HUBBUB_DATA, else ./hubbub-data.",
)


def fail(*sentences: str) -> NoReturn:
    """Say what is wrong, and end with status 1."""
    for sentence in sentences:
        click.echo(sentence, err=True)
    sys.exit(1)


def _folder(data: str | None) -> Path:
    return config.data_folder(os.environ, data)


def _load(data: str | None, flags: Mapping[str, object] | None = None) -> config.Loaded:
    try:
        return config.load(_folder(data), os.environ, flags or {})
    except config.SettingsError as error:
        fail(*error.sentences)


class _Hubbub(click.Group):
    """The command; what it says of how it is used can be typed as it stands."""

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        return super().make_context(program(), args, parent, **extra)


@click.group(cls=_Hubbub, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="hubbub")
def main() -> None:
    """Hubbub: a self-hosted chat."""


@main.command()
@_data_option
@click.option("-a", "--address", metavar="ADDRESS", help="The address to listen on; loopback by default.")
@click.option(
    "-p", "--port", type=int, metavar="PORT", help="The port to listen on; 0 picks a free one and prints it."
)
@click.option("--lan", is_flag=True, default=None, help="Listen on every address of the machine.")
@click.option("--tls-cert", metavar="FILE", help="A certificate to use instead of the server's own.")
@click.option("--tls-key", metavar="FILE", help="The certificate's key.")
@click.option("--console", is_flag=True, help="Open the administrator's console in this terminal.")
def serve(
    data: str | None,
    address: str | None,
    port: int | None,
    lan: bool | None,
    tls_cert: str | None,
    tls_key: str | None,
    console: bool,
) -> None:
    """Start the server."""
    # What is loaded is here to stay: looking for garbage in it would take as long again.
    gc.disable()
    flags = {
        "server.address": address,
        "server.port": port,
        "server.lan": lan,
        "tls.certificate": tls_cert and str(Path(tls_cert).absolute()),
        "tls.key": tls_key and str(Path(tls_key).absolute()),
        "log.console": False if console else None,
    }
    loaded = _load(data, flags)
    _make_folder(loaded.data)
    _run(_serve(loaded, flags, console))


def _make_folder(data: Path) -> None:
    try:
        data.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        fail(f"The data folder {data} can't be created: {error.strerror}. Choose another one with --data.")


def _run(work: Any) -> None:
    try:
        import uvloop
    except ImportError:
        asyncio.run(work)
    else:
        uvloop.run(work)


async def _serve(loaded: config.Loaded, flags: Mapping[str, object], console: bool) -> None:
    from hubbub.node import logs
    from hubbub.node.server import AlreadyRunning, Server
    from hubbub.node.startup_banner import greeting
    from hubbub.storage.base import StorageError
    from hubbub.transports.certificates import CertificateUnusable
    from hubbub.transports.ports import PortUnavailable
    from hubbub.web.app_loader import LazyWebsite

    # A writer thread that waits for the interpreter's lock at every statement would wait for 5 ms each time.
    sys.setswitchinterval(0.0005)
    try:
        handlers = logs.begin(loaded.settings.log, loaded.data)
    except logs.LogUnavailable as error:
        fail(str(error))
    server = Server(loaded, os.environ, flags, LazyWebsite)
    try:
        await server.start()
    except (AlreadyRunning, StorageError, PortUnavailable, CertificateUnusable) as error:
        logs.end(handlers)
        fail(str(error))
    # What a session consists of lives long: to look through all of it after every 700 new objects would be a tenth of
    # what coming in costs.
    gc.set_threshold(20_000, 20, 20)
    gc.freeze()
    gc.enable()
    server.heed_signals()
    words = greeting(server)
    await server.node.gate.ended()  # Its invitation is on disk before anybody can use it.
    click.echo(words)
    if console:
        from hubbub.node.admin_console import speak

        talking = asyncio.create_task(speak(server))
        await server.run()
        talking.cancel()
        await asyncio.gather(talking, return_exceptions=True)
    else:
        await server.run()
    logs.end(handlers)
    if server.node.health.is_broken:
        fail(
            "The server stopped: it could not write to its disk. Every message that anyone has seen is saved."
        )


@main.command()
@click.argument("address", required=False, default="")
@click.option("--name", metavar="NAME", default="", help="Your name.")
@click.option("--guest", is_flag=True, help="Sign in as a guest under that name.")
def chat(address: str, name: str, guest: bool) -> None:
    """Chat in this terminal on the server ADDRESS.

    Without an ADDRESS, uses the server on this machine, or asks. An address is a host name or an IP address, with a
    port where it is not 12345: chat.example.org, 192.168.1.5:6697, ircs://irc.example.org.
    """
    from hubbub.connection.address import AddressError, parse_address
    from hubbub.connection.chat_session import Wish
    from hubbub.connection.json_files import client_folder
    from hubbub.terminal.app import HubbubApp
    from hubbub.terminal.settings import Memory

    wish = None
    try:
        parsed = parse_address(address) if address else None
    except AddressError as error:
        fail(str(error))
    name = name or (parsed.name if parsed else "")
    if guest:
        if parsed is None or not name:
            fail(f"Write: {typed('chat --guest --name NAME ADDRESS')}")
        wish = Wish(parsed, name)
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        fail("The chat needs a terminal. Run it in one; programs use the library hubbub.client.")
    HubbubApp(Memory(client_folder()), wish, str(parsed or ""), name).run()


@main.command()
@_data_option
@click.argument("link", required=False, default="")
@click.option("--server", is_flag=True, help="Open the window that runs a server on this computer.")
@click.option(
    "--register", is_flag=True, help="Add Hubbub to the menu of this desktop (Linux), without opening it."
)
def desktop(data: str | None, link: str, server: bool, register: bool) -> None:
    """Open the chat in a window; a LINK (hubbub://…) opens that server, room or invitation."""
    from hubbub.connection.json_files import client_folder

    try:
        from hubbub.desktop import app, desktop_entry
    except ImportError as error:
        fail(
            f"The desktop client failed to start: {error}.",
            "Install it with: pip install 'hubbub[desktop]' (from this project's folder: make desktop).",
        )
    if register:
        app.application()
        click.echo("\n".join(desktop_entry.register()))
        return
    app.run(client_folder(), link, is_server=server, data=_data_here(data))


def _data_here(data: str | None) -> Path | None:
    """The data folder that is named, or that `hubbub serve` would use here and that is there; else the window knows."""
    folder = _folder(data)
    return folder if data or os.environ.get(config.DATA_VARIABLE) or folder.is_dir() else None


@main.command(context_settings={"ignore_unknown_options": True, "help_option_names": ["--help"]})
@_data_option
@click.argument("words", nargs=-1, metavar="[COMMAND...]")
def admin(data: str | None, words: tuple[str, ...]) -> None:
    """Send administrator's commands to the running server.

    Without a COMMAND, opens a console with completion and history. `admin help` lists them.
    `admin create-admin NAME` creates an administrator, even if the server is not running.
    """
    # What begins with a hyphen is part of the command, such as a reason; but this one alone asks for help.
    if words == ("-h",):
        click.echo(click.get_current_context().get_help())
        return
    folder = _folder(data)
    if words[:1] == ("create-admin",):
        if len(words) != 2:
            fail(f"Write: {typed('admin create-admin NAME')}")
        _create_admin(folder, words[1])
        return
    try:
        with _Wire(folder) as wire:
            _speak(wire, words)
    except (NoServer, ConnectionError) as error:
        fail(str(error))


def _speak(wire: "_Wire", words: tuple[str, ...]) -> None:
    """One command, which decides the status; or a prompt for as many as one likes."""
    if words:
        lines, ok = wire.ask({"line": " ".join(words)})
        click.echo("\n".join(lines), err=not ok)
        sys.exit(0 if ok else 1)
    from hubbub.node.admin_console import speak_over

    speak_over(wire.ask, sys.stdin.isatty())


def _create_admin(folder: Path, name: str) -> None:
    password = _new_password()
    try:
        with _Wire(folder) as wire:
            lines, ok = wire.ask({"administrator": name, "password": password})
    except NoServer:
        _make_folder(folder)
        lines, ok = asyncio.run(_create_admin_alone(_load(str(folder)), name, password))
    click.echo("\n".join(lines), err=not ok)
    sys.exit(0 if ok else 1)


async def _create_admin_alone(loaded: config.Loaded, name: str, password: str) -> tuple[list[str], bool]:
    """Without a server that runs: on the data itself."""
    from hubbub.node.admin_socket import create_administrator
    from hubbub.node.server import AlreadyRunning, node_alone
    from hubbub.storage.base import StorageError

    try:
        async with node_alone(loaded) as node:
            return await create_administrator(node, name, password)
    except (AlreadyRunning, StorageError) as error:
        return [str(error)], False


def _new_password() -> str:
    """Asked for twice at a terminal; from a pipe, its first line."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    password = getpass.getpass("Password: ")
    if getpass.getpass("Again: ") != password:
        fail("The passwords do not match. Try again.")
    return password


class NoServer(Exception):
    """No server answers on the data folder's socket."""


class _Wire:
    """The socket to a running server; raises NoServer."""

    def __init__(self, data: Path) -> None:
        from hubbub.connection.admin_client import SOCKET
        from hubbub.sockets import short

        self._socket = socket.socket(socket.AF_UNIX)
        try:
            with short(data / SOCKET) as path:
                self._socket.connect(path)
        except OSError:
            self._socket.close()
            start = typed(f"serve --data {quoted(str(data))}")
            raise NoServer(f"No server is running on {data}. Start it with: {start}") from None
        self._file = self._socket.makefile("rwb")

    def __enter__(self) -> "_Wire":
        return self

    def __exit__(self, *error: object) -> None:
        self._file.close()
        self._socket.close()

    def ask(self, asked: Mapping[str, str]) -> tuple[list[str], bool]:
        """Raises ConnectionError when the server is gone."""
        who = {"operator": f"Console ({getpass.getuser()})", "folder": str(Path().absolute())}
        self._file.write(json.dumps({**who, **asked}).encode() + b"\n")
        self._file.flush()
        answer = self._file.readline()
        if not answer:
            raise ConnectionError("The server disconnected.")
        found = json.loads(answer)
        return found["lines"], found["ok"]


@main.command("config")
@_data_option
@click.option("--example", is_flag=True, help="Print an example file that explains every setting.")
def show_settings(data: str | None, example: bool) -> None:
    """Print all settings, their values, and where each comes from."""
    click.echo(config.example() if example else config.describe(_load(data)))


@main.command("hash-password")
def hash_password() -> None:
    """Print the hash of a password, for an operator or gateway in the settings."""
    from hubbub.node.password_threads import Passwords

    passwords, password = Passwords(config.Accounts(scram=False)), _new_password()
    if refusal := passwords.refusal(password):
        fail(str(refusal))
    click.echo(passwords.make(password).argon2)


@main.command("new-key")
@_data_option
def new_key(data: str | None) -> None:
    """Add a new sealing key before the current one; the next start seals everything under it."""
    from hubbub.node.sealing_keys import KeyFileUnusable, add_key, path_of

    path = path_of(_load(data))
    try:
        add_key(path)
    except KeyFileUnusable as error:
        fail(str(error))
    click.echo(f"{path} begins with a new key. Restart the server: it then seals everything under that key.")
    click.echo("Keep the older keys below it for as long as you keep older backups.")


@main.command()
@_data_option
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--replace", is_flag=True, help="Replace an existing backup.")
def backup(data: str | None, file: Path, replace: bool) -> None:
    """Back up all data to the new FILE, whether the server is running or not."""
    from hubbub.storage import backups
    from hubbub.storage.base import StorageError

    try:
        left_out = backups.make(_database(data), file.absolute(), replace)
    except StorageError as error:
        fail(str(error))
    click.echo(backups.left_out(left_out) if left_out else f"The backup is in {file}.", err=bool(left_out))


def _database(data: str | None) -> Path:
    """The file that there is, which may be in use by a server."""
    database = _folder(data) / "hubbub.db"
    if not database.exists():
        fail(f"There is no data in {database.parent}.")
    return database


@main.command()
@_data_option
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--replace", is_flag=True, help="Replace existing data with the backup.")
def restore(data: str | None, file: Path, replace: bool) -> None:
    """Restore the backup FILE to the data folder. The server must not be running."""
    from hubbub.node.server import AlreadyRunning
    from hubbub.storage import restore as restore_database
    from hubbub.storage.base import StorageError

    folder = _folder(data)
    try:
        restore_database(file, folder / "hubbub.db", replace, _alone(folder))
        sealed = _seal_restored(data)
    except (AlreadyRunning, StorageError) as error:
        fail(str(error))
    click.echo(f"{file} was restored to {folder}.")
    if sealed:
        click.echo(sealed)


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """With the data folder, and no server on it. Raises AlreadyRunning."""
    from hubbub.node.server import FolderLock

    _make_folder(folder)
    lock = FolderLock(folder)
    lock.take()
    try:
        yield
    finally:
        lock.let_go()


def _seal_restored(data: str | None) -> str:
    """Nothing is left in clear that an old backup has so; what there is to know of its keys. Raises StorageError."""
    from hubbub.node.sealing_keys import seal_of, sealed_otherwise
    from hubbub.storage import open_storage

    storage = open_storage(_database(data), seal_of(_load(data))[0])
    sentence = sealed_otherwise(storage)
    storage.close()
    return sentence


@main.command()
@_data_option
def check(data: str | None) -> None:
    """Check that the data is intact."""
    from hubbub.storage import check as check_data
    from hubbub.storage.base import StorageError

    try:
        problems = check_data(_database(data))
    except StorageError as error:
        fail(str(error))
    if problems:
        fail(*problems)
    click.echo("The data is intact.")
