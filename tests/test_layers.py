"""The folders import only what the table of tools/layers.py lets them."""

from pathlib import Path

import pytest

from tools.layers import offences

PACKAGE = Path(__file__).parent.parent / "src" / "hubbub"


def test_nobody_imports_what_they_may_not() -> None:
    found = [
        offence
        for path in sorted(PACKAGE.rglob("*.py"))
        for offence in offences(path.relative_to(PACKAGE).as_posix(), path.read_text("utf-8"))
    ]
    assert found == []


@pytest.mark.parametrize(
    ("path", "source", "offence"),
    [
        ("engine/topic.py", "import time", "engine/topic.py is pure and imports time"),
        ("engine/topic.py", "def f():\n    from os import path", "engine/topic.py is pure and imports os"),
        ("client/state.py", "import asyncio.streams", "client/state.py is pure and imports asyncio"),
        (
            "engine/topic.py",
            "from hubbub.wire.message import Message",
            "engine/topic.py imports hubbub.wire.message.Message, and engine may not import wire",
        ),
        (
            "dialects/irc/verbs.py",
            "from ...storage import base",
            "dialects/irc/verbs.py imports hubbub.storage.base, and dialects may not import storage",
        ),
        (
            "transports/tcp.py",
            "from hubbub import node",
            "transports/tcp.py imports hubbub.node, and transports may not import node",
        ),
        (
            "storage/writers.py",
            "import hubbub.admin.command_tree as tree",
            "storage/writers.py imports hubbub.admin.command_tree, and storage may not import admin",
        ),
        (
            "web/rooms.py",
            "from hubbub.node.node import Node",
            "web/rooms.py imports hubbub.node.node.Node, and web takes hubbub.web.chat.Chat instead",
        ),
        (
            "web/rooms.py",
            "from hubbub.node import server",
            "web/rooms.py imports hubbub.node.server, and web takes hubbub.web.chat.Chat instead",
        ),
        (
            "node/shell.py",
            "from hubbub import cli",
            "node/shell.py imports hubbub.cli, which nothing but __main__ may",
        ),
        (
            "config.py",
            "from .node import x",
            "config.py imports hubbub.node.x, and config may not import node",
        ),
        (
            "new/thing.py",
            "import hubbub.wire",
            "new/thing.py imports hubbub.wire, and new may not import wire",
        ),
    ],
)
def test_a_forbidden_import_is_named(path: str, source: str, offence: str) -> None:
    assert list(offences(path, source)) == [offence]


@pytest.mark.parametrize(
    ("path", "source"),
    [
        (
            "engine/topic.py",
            "import dataclasses\nfrom hubbub.engine.names import RoomName\nfrom . import names",
        ),
        ("dialects/irc/verbs.py", "from hubbub.wire import message\nfrom ...engine import topic"),
        ("node/shell.py", "import asyncio, time\nfrom hubbub import __version__, storage, config"),
        ("web/rooms.py", "from hubbub.node.limits import Bucket"),
        ("cli.py", "import os\nfrom hubbub import node, web"),
        ("__main__.py", "from hubbub.cli import main"),
    ],
)
def test_a_permitted_import_passes(path: str, source: str) -> None:
    assert list(offences(path, source)) == []
