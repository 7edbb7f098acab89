"""hubbub/drafts: what one has begun to write, on all of one's devices and nobody else's."""

import re

import pytest

from hubbub.engine import drafts
from tests.server_harness import ServerHarness, told

CAPS = "batch hubbub/drafts"


async def _come(harness: ServerHarness, name: str, account: str = "ann", caps: str = CAPS) -> None:
    harness.connect(name).type(
        f"CAP REQ :{caps}\nPASS :{account}:correct horse\nNICK {account}\nUSER x 0 * x\nCAP END"
    )
    await harness.look()


@pytest.fixture
async def ann(harness: ServerHarness) -> str:
    """ann on her phone and her laptop, in a room with bob."""
    for account in ("ann", "bob"):
        await harness.account(account)
    await _come(harness, "phone")
    await _come(harness, "laptop")
    await harness.irc("bob", CAPS)
    await harness.ask("phone", "JOIN #tea")
    await harness.ask("bob", "JOIN #tea")
    return "ann"


async def _set(harness: ServerHarness, name: str, line: str) -> tuple[str, str, str]:
    """What the asker is answered: the version, since when, and the text."""
    [answer] = told(await harness.ask(name, f"DRAFT {line}"), name)
    found = re.fullmatch(r":hubbub DRAFT \S+ (\S+) (\S+) :(.*)", answer)
    assert found, answer
    return found[1], found[2], found[3]


async def test_the_other_devices_are_told_and_nobody_else(harness: ServerHarness, ann: str) -> None:
    """ "The server MUST tell all sessions of the account that have the capability, and nobody else" """
    await _come(harness, "old", caps="batch")
    seen = await harness.ask("phone", "DRAFT #tea * :is the kettle")
    assert told(seen, "phone") == told(seen, "laptop") != []
    assert told(seen, "phone")[0].endswith(" :is the kettle")
    assert told(seen, "bob") == told(seen, "old") == []


async def test_each_comes_out_of_the_one_before(harness: ServerHarness, ann: str) -> None:
    """ "`since` … stays what it was" where the base is the last version; "the line begins anew" where it is not."""
    first, since, _ = await _set(harness, "phone", "#tea * :tea?")
    assert first == since
    second, since, _ = await _set(harness, "laptop", f"#TEA {first} :tea at 5?")
    assert since == first < second
    third, since, text = await _set(harness, "phone", f"#tea {first} :tea, now")
    assert (since, text) == (third, "tea, now") and third > second


async def test_what_was_sent_is_cleared(harness: ServerHarness, ann: str) -> None:
    """ "An empty text clears the draft" """
    first, _, _ = await _set(harness, "phone", "#tea * :tea?")
    seen = await harness.ask("laptop", f"DRAFT #tea {first}")
    assert re.fullmatch(rf":hubbub DRAFT #tea \S+ {first} :", told(seen, "phone")[0])
    assert told(await harness.ask("phone", "DRAFT"), "phone") == told(seen, "phone")


async def test_only_what_one_knows_is_cleared(harness: ServerHarness, ann: str) -> None:
    """ "if `base` is not the last version the server changes nothing, and answers with the draft as it is" """
    first, _, _ = await _set(harness, "phone", "#tea * :tea?")
    second, _, _ = await _set(harness, "laptop", "#tea * :coffee?")
    for base in (first, "*"):
        seen = await harness.ask("phone", f"DRAFT #tea {base} :")
        assert told(seen, "phone") == [f":hubbub DRAFT #tea {second} {second} :coffee?"]
        assert told(seen, "laptop") == []
    assert told(await harness.ask("phone", "DRAFT bob *"), "phone") == [":hubbub DRAFT bob * * :"]


async def test_it_outlives_a_restart(harness: ServerHarness, ann: str) -> None:
    await harness.ask("phone", "DRAFT #tea * :one\nDRAFT BOB * :psst")
    before = told(await harness.ask("phone", "DRAFT"), "phone")
    assert [line.split()[2] for line in before] == ["#tea", "bob"]
    await harness.restart()
    await _come(harness, "again")
    assert told(await harness.ask("again", "DRAFT"), "again") == before


async def test_several_lines_go_in_a_batch(harness: ServerHarness, ann: str) -> None:
    """ "A text of several lines, or one that is too long for a line, is sent in a batch" """
    lines = ["one", "", "x" * 600]
    typed = ["BATCH +1 hubbub/drafts #tea *", "@batch=1 PRIVMSG #tea :one", "@batch=1 PRIVMSG #tea :"]
    typed += [
        f"@batch=1 PRIVMSG #tea :{'x' * 300}",
        f"@batch=1;draft/multiline-concat PRIVMSG #tea :{'x' * 300}",
    ]
    seen = await harness.ask("phone", "\n".join([*typed, "BATCH -1"]))
    opening, *inside, closing = told(seen, "laptop")
    assert re.fullmatch(r":hubbub BATCH \+(\S+) hubbub/drafts #tea (\S+) \2", opening)
    assert closing.startswith(":hubbub BATCH -")
    text = ""
    for line in inside:
        tags, _, rest = line.partition(" ")
        text += ("" if "concat" in tags else "\n") + rest.removeprefix(":hubbub PRIVMSG #tea :")
    assert text[1:].split("\n") == lines
    assert told(seen, "bob") == []


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("DRAFT #none * :x", "INVALID_TARGET #none"),
        ("DRAFT #Marketing * :x", "INVALID_TARGET #Marketing"),
        ("DRAFT nobody * :x", "INVALID_TARGET nobody"),
        ("DRAFT gus * :x", "INVALID_TARGET gus"),
        ("DRAFT #tea 17 :x", "INVALID_PARAMS 17"),
        ("DRAFT #tea", "INVALID_PARAMS"),
    ],
)
async def test_what_can_not_be_kept(harness: ServerHarness, ann: str, line: str, code: str) -> None:
    await harness.irc("gus")
    [refused] = told(await harness.ask("phone", line), "phone")
    assert f" FAIL DRAFT {code}" in refused
    assert told(await harness.ask("phone", "DRAFT"), "phone") == []


async def test_the_limits(harness: ServerHarness, ann: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """ "the server MAY forget the drafts that were changed longest ago" """
    monkeypatch.setattr(drafts, "DRAFTS_MAX", 2)
    await harness.ask(
        "phone", "JOIN #a\nJOIN #b\nDRAFT #tea * :1\nDRAFT #a * :2\nDRAFT #tea * :3\nDRAFT #b * :4"
    )
    listed = [line.split()[2] for line in told(await harness.ask("phone", "DRAFT"), "phone")]
    assert listed == ["#tea", "#b"]
    monkeypatch.setattr(drafts, "DRAFTS_BYTES_MAX", 10)
    await harness.ask("phone", "DRAFT #b * :nine byte")
    listed = [line.split()[2] for line in told(await harness.ask("phone", "DRAFT"), "phone")]
    assert listed == ["#tea", "#b"]
    await harness.ask("phone", "DRAFT #b * :ten bytes!")
    listed = [line.split()[2] for line in told(await harness.ask("phone", "DRAFT"), "phone")]
    assert listed == ["#b"]
    await harness.restart()
    await _come(harness, "again")
    assert [line.split()[2] for line in told(await harness.ask("again", "DRAFT"), "again")] == ["#b"]


async def test_who_leaves_a_room_leaves_the_draft(harness: ServerHarness, ann: str) -> None:
    await harness.ask("phone", "DRAFT #tea * :is the\nPART #tea\nJOIN #tea")
    assert told(await harness.ask("phone", "DRAFT"), "phone") == []


async def test_guests_have_none(harness: ServerHarness) -> None:
    """ "drafts are kept for accounts" """
    await harness.irc("gus", CAPS)
    await harness.ask("gus", "JOIN #tea")
    [refused] = told(await harness.ask("gus", "DRAFT #tea * :x"), "gus")
    assert " FAIL DRAFT ACCOUNT_REQUIRED " in refused
    assert told(await harness.ask("gus", "DRAFT"), "gus") == []


async def test_only_for_those_who_know_it(harness: ServerHarness) -> None:
    await harness.irc("gus")
    assert " 421 gus DRAFT " in told(await harness.ask("gus", "DRAFT"), "gus")[0]


async def test_an_administrator_finds_none_and_no_log_has_any(
    harness: ServerHarness, ann: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Nobody but the account's own sessions is told: not by searching, not by an administrator's commands."""
    caplog.set_level("DEBUG")
    await harness.ask("phone", "DRAFT #tea * :unsaidword")
    await harness.account("root", role="admin")
    await _come(harness, "root", "root", f"{CAPS} soju.im/search")
    seen = await harness.ask("root", "JOIN #tea\nSEARCH :text=unsaidword\nPRIVMSG Hubbub :messages 1h\nDRAFT")
    assert "unsaidword" not in "\n".join(told(seen, "root")).replace("text=unsaidword", "")
    assert "unsaidword" not in caplog.text
    for thing in harness.node.state.accounts.values():
        assert "unsaidword" not in repr(thing)
