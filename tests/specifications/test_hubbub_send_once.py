"""hubbub/send-once: a message that is said once, however often it has to be sent."""

import re

import pytest

from hubbub.engine.messages import NONCES_MAX
from tests.server_harness import ServerHarness, told

CAPS = "batch message-tags server-time labeled-response echo-message draft/multiline hubbub/send-once"
NONCE = "019a5b3c5d2f-8d1c9a7be4f0"


async def _people(harness: ServerHarness) -> None:
    await harness.irc("ann", CAPS)
    await harness.irc("bob", CAPS)
    for name in ("ann", "bob"):
        await harness.ask(name, "JOIN #tea")


async def _said(harness: ServerHarness, line: str) -> tuple[list[str], list[str]]:
    """What Ann says; what she is shown, and what Bob is."""
    lines = await harness.ask("ann", line)
    return told(lines, "ann"), told(lines, "bob")


def _id(line: str) -> str:
    found = re.search(r"msgid=(\w+)", line)
    assert found, line
    return found[1]


async def test_sent_again_is_not_said_again(harness: ServerHarness) -> None:
    """ "A message with a nonce that is known is not said again." Its sender is shown what it is."""
    await _people(harness)
    (first,), (seen,) = await _said(harness, f"@label=1;hubbub/nonce={NONCE} PRIVMSG #tea :is this on?")
    assert "nonce" not in first + seen, "servers MUST NOT show the tag to anybody"
    harness.wait(60)
    (again,), others = await _said(
        harness, f"@label=2;hubbub/nonce={NONCE};hubbub/again PRIVMSG #tea :is this on?"
    )
    assert others == []
    assert again == first.replace("label=1", "label=2")


async def test_also_without_the_word_again(harness: ServerHarness) -> None:
    """The first try may come late, when the second one was said already."""
    await _people(harness)
    (first,), (_,) = await _said(harness, f"@hubbub/nonce={NONCE};hubbub/again PRIVMSG #tea :hello")
    (late,), others = await _said(harness, f"@hubbub/nonce={NONCE} PRIVMSG #tea :hello")
    assert (late, others) == (first, [])


async def test_over_two_connections_at_once(harness: ServerHarness) -> None:
    """Both ask before either is answered: one of them says it."""
    await harness.account("ann")
    sessions = []
    for name in ("one", "two"):
        person = harness.connect(name, secure=True)
        person.type(f"CAP REQ :{CAPS}\nPASS :ann:correct horse\nNICK ann\nUSER ann 0 * :Ann\nCAP END")
        await harness.look()
        sessions.append(person)
    await harness.ask("one", "JOIN #tea")
    for person in sessions:
        person.type(f"@hubbub/nonce={NONCE};hubbub/again PRIVMSG #tea :once")
    lines = await harness.look()
    ids = {_id(line) for line in lines if "once" in line}
    assert len(ids) == 1
    assert len(harness.storage.history(limit=10, room=harness.node.state.room_named("#tea").id)) == 1  # type: ignore[union-attr]


async def test_known_after_a_restart(harness: ServerHarness) -> None:
    """ "A server that has been stopped and started again MUST still know the nonces of the messages." """
    await harness.account("ann")
    await harness.account("bob")

    async def come() -> None:
        for name in ("ann", "bob"):
            person = harness.connect(name, secure=True)
            person.type(
                f"CAP REQ :{CAPS}\nPASS :{name}:correct horse\nNICK {name}\nUSER {name} 0 * :x\nCAP END"
            )
            await harness.look()
            await harness.ask(name, "JOIN #tea")

    await come()
    (first,), (_,) = await _said(harness, f"@hubbub/nonce={NONCE} PRIVMSG #tea :kept")
    (private,), (_,) = await _said(harness, f"@hubbub/nonce={NONCE}-2 PRIVMSG bob :kept too")
    await harness.restart()
    await come()
    again = f"@hubbub/nonce={NONCE};hubbub/again PRIVMSG #tea :kept"
    assert await _said(harness, again) == ([first], [])
    again = f"@hubbub/nonce={NONCE}-2;hubbub/again PRIVMSG bob :kept too"
    assert await _said(harness, again) == ([private], [])


async def test_of_several_lines(harness: ServerHarness) -> None:
    await _people(harness)
    for number, again in enumerate(("", ";hubbub/again")):
        opening = f"@label=x{number};hubbub/nonce={NONCE}{again} BATCH +b draft/multiline #tea"
        mine, others = await _said(
            harness, f"{opening}\n@batch=b PRIVMSG #tea :one\n@batch=b PRIVMSG #tea :two\nBATCH -b"
        )
        assert [line.split(" :")[-1] for line in mine if "PRIVMSG" in line] == ["one", "two"]
        assert bool(others) is not bool(again)


async def test_other_nonces_are_other_messages(harness: ServerHarness) -> None:
    await _people(harness)
    for number in range(3):
        _, others = await _said(harness, f"@hubbub/nonce={NONCE}{number};hubbub/again PRIVMSG #tea :ok")
        assert len(others) == 1


async def test_a_deleted_message_is_not_shown_again(harness: ServerHarness) -> None:
    await harness.irc("ann", f"{CAPS} draft/message-redaction")
    await harness.irc("bob", CAPS)
    await harness.ask("ann", "JOIN #tea")
    (first,), _ = await _said(harness, f"@hubbub/nonce={NONCE} PRIVMSG #tea :oops")
    await harness.ask("ann", f"REDACT #tea {_id(first)}")
    assert await _said(harness, f"@label=9;hubbub/nonce={NONCE};hubbub/again PRIVMSG #tea :oops") == (
        ["@label=9 :hubbub ACK"],
        [],
    )


async def test_somebody_elses_nonce_shows_nothing(harness: ServerHarness) -> None:
    await harness.account("ann")
    person = harness.connect("ann", secure=True)
    person.type(f"CAP REQ :{CAPS}\nPASS :ann:correct horse\nNICK ann\nUSER ann 0 * :x\nCAP END")
    await harness.irc("bob", CAPS)
    await harness.irc("eve", CAPS)
    await harness.ask("ann", f"@hubbub/nonce={NONCE} PRIVMSG bob :secret")
    lines = await harness.ask("eve", f"@label=1;hubbub/nonce={NONCE};hubbub/again PRIVMSG bob :secret")
    assert lines == ["eve < @label=1 :hubbub ACK"]


@pytest.mark.parametrize(
    ("nonce", "targets"),
    [("short", "#tea"), ("x" * 65, "#tea"), ("no\\sspaces\\sin\\sit!", "#tea"), (NONCE, "#tea,bob")],
)
async def test_no_nonce(harness: ServerHarness, nonce: str, targets: str) -> None:
    """ "the nonce is none, or the message has more than one target. Nothing was said." """
    await _people(harness)
    (answer,), others = await _said(harness, f"@hubbub/nonce={nonce} PRIVMSG {targets} :hello")
    assert ":hubbub FAIL PRIVMSG INVALID_NONCE :" in answer
    assert others == []


async def test_without_the_capability_it_is_a_tag_like_any(harness: ServerHarness) -> None:
    await harness.irc("ann", "message-tags echo-message")
    await harness.irc("bob", "message-tags")
    for name in ("ann", "bob"):
        await harness.ask(name, "JOIN #tea")
    for _ in range(2):
        _, others = await _said(harness, f"@hubbub/nonce={NONCE} PRIVMSG #tea :twice")
        assert len(others) == 1


async def test_what_is_remembered_is_bounded_and_the_history_knows_the_rest(harness: ServerHarness) -> None:
    await _people(harness)
    (first,), _ = await _said(harness, f"@hubbub/nonce={NONCE} PRIVMSG #tea :the first")
    nonces = harness.node.state.nonces
    del nonces[NONCE]
    nonces.update(dict.fromkeys((f"{NONCE}-{number}" for number in range(NONCES_MAX)), 1))
    await _said(harness, f"@hubbub/nonce={NONCE}-x PRIVMSG #tea :one more")
    assert len(nonces) == NONCES_MAX
    assert await _said(harness, f"@hubbub/nonce={NONCE};hubbub/again PRIVMSG #tea :the first") == (
        [first],
        [],
    )


@pytest.mark.parametrize("label", ["", "label=1;"])
@pytest.mark.parametrize("target", ["#tea", "bob"])
async def test_many_sent_again_beside_others_are_shown_in_the_order_of_ids(
    harness: ServerHarness, target: str, label: str
) -> None:
    """What others say while it is looked up comes before what is said anew: everybody is shown growing ids."""
    await _people(harness)
    await harness.irc("eve", CAPS)
    await harness.ask("eve", "JOIN #tea")
    seen: dict[str, list[str]] = {"ann": [], "bob": [], "eve": []}
    for number in range(200):
        harness.now_ms += 5_000
        if number % 3:
            harness.people["ann"].type(
                f"@{label}hubbub/nonce={NONCE}-{number};hubbub/again PRIVMSG {target} :a{number}"
            )
        else:
            harness.people["ann"].type(
                f"@{label}hubbub/nonce={NONCE}-{number};hubbub/again BATCH +x draft/multiline {target}\n"
                f"@batch=x PRIVMSG {target} :a{number}\n@batch=x PRIVMSG {target} :more\nBATCH -x"
            )
        harness.people["bob"].type(f"PRIVMSG #tea :b{number}\nPRIVMSG ann :c{number}")
        harness.people["eve"].type(f"PRIVMSG #tea :e{number}")
        lines = await harness.look()
        for name in seen:
            seen[name] += told(lines, name)
    for name, lines in seen.items():
        ids = [_id(line) for line in lines if "msgid=" in line]
        assert ids == sorted(ids), name
    assert sum(":ann!" in line and "msgid=" in line for line in seen["ann"]) == 200
