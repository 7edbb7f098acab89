"""hubbub/send-once: a message that is said once, however often it has to be sent."""

import re

import pytest

from hubbub.engine.messages import NONCES_MAX
from tests.server_harness import House, told

CAPS = "batch message-tags server-time labeled-response echo-message draft/multiline hubbub/send-once"
NONCE = "019a5b3c5d2f-8d1c9a7be4f0"


async def _people(house: House) -> None:
    await house.irc("ann", CAPS)
    await house.irc("bob", CAPS)
    for name in ("ann", "bob"):
        await house.ask(name, "JOIN #tea")


async def _said(house: House, line: str) -> tuple[list[str], list[str]]:
    """What Ann says; what she is shown, and what Bob is."""
    lines = await house.ask("ann", line)
    return told(lines, "ann"), told(lines, "bob")


def _id(line: str) -> str:
    found = re.search(r"msgid=(\w+)", line)
    assert found, line
    return found[1]


async def test_sent_again_is_not_said_again(house: House) -> None:
    """ "A message with a nonce that is known is not said again." Its sender is shown what it is."""
    await _people(house)
    (first,), (seen,) = await _said(house, f"@label=1;hubbub/nonce={NONCE} PRIVMSG #tea :is this on?")
    assert "nonce" not in first + seen, "servers MUST NOT show the tag to anybody"
    house.wait(60)
    (again,), others = await _said(
        house, f"@label=2;hubbub/nonce={NONCE};hubbub/again PRIVMSG #tea :is this on?"
    )
    assert others == []
    assert again == first.replace("label=1", "label=2")


async def test_also_without_the_word_again(house: House) -> None:
    """The first try may come late, when the second one was said already."""
    await _people(house)
    (first,), (_,) = await _said(house, f"@hubbub/nonce={NONCE};hubbub/again PRIVMSG #tea :hello")
    (late,), others = await _said(house, f"@hubbub/nonce={NONCE} PRIVMSG #tea :hello")
    assert (late, others) == (first, [])


async def test_over_two_connections_at_once(house: House) -> None:
    """Both ask before either is answered: one of them says it."""
    await house.account("ann")
    sessions = []
    for name in ("one", "two"):
        person = house.connect(name, secure=True)
        person.type(f"CAP REQ :{CAPS}\nPASS :ann:correct horse\nNICK ann\nUSER ann 0 * :Ann\nCAP END")
        await house.look()
        sessions.append(person)
    await house.ask("one", "JOIN #tea")
    for person in sessions:
        person.type(f"@hubbub/nonce={NONCE};hubbub/again PRIVMSG #tea :once")
    lines = await house.look()
    ids = {_id(line) for line in lines if "once" in line}
    assert len(ids) == 1
    assert len(house.storage.history(limit=10, room=house.node.state.room_named("#tea").id)) == 1  # type: ignore[union-attr]


async def test_known_after_a_restart(house: House) -> None:
    """ "A server that has been stopped and started again MUST still know the nonces of the messages." """
    await house.account("ann")
    await house.account("bob")

    async def come() -> None:
        for name in ("ann", "bob"):
            person = house.connect(name, secure=True)
            person.type(
                f"CAP REQ :{CAPS}\nPASS :{name}:correct horse\nNICK {name}\nUSER {name} 0 * :x\nCAP END"
            )
            await house.look()
            await house.ask(name, "JOIN #tea")

    await come()
    (first,), (_,) = await _said(house, f"@hubbub/nonce={NONCE} PRIVMSG #tea :kept")
    (private,), (_,) = await _said(house, f"@hubbub/nonce={NONCE}-2 PRIVMSG bob :kept too")
    await house.restart()
    await come()
    again = f"@hubbub/nonce={NONCE};hubbub/again PRIVMSG #tea :kept"
    assert await _said(house, again) == ([first], [])
    again = f"@hubbub/nonce={NONCE}-2;hubbub/again PRIVMSG bob :kept too"
    assert await _said(house, again) == ([private], [])


async def test_of_several_lines(house: House) -> None:
    await _people(house)
    for number, again in enumerate(("", ";hubbub/again")):
        opening = f"@label=x{number};hubbub/nonce={NONCE}{again} BATCH +b draft/multiline #tea"
        mine, others = await _said(
            house, f"{opening}\n@batch=b PRIVMSG #tea :one\n@batch=b PRIVMSG #tea :two\nBATCH -b"
        )
        assert [line.split(" :")[-1] for line in mine if "PRIVMSG" in line] == ["one", "two"]
        assert bool(others) is not bool(again)


async def test_other_nonces_are_other_messages(house: House) -> None:
    await _people(house)
    for number in range(3):
        _, others = await _said(house, f"@hubbub/nonce={NONCE}{number};hubbub/again PRIVMSG #tea :ok")
        assert len(others) == 1


async def test_a_deleted_message_is_not_shown_again(house: House) -> None:
    await house.irc("ann", f"{CAPS} draft/message-redaction")
    await house.irc("bob", CAPS)
    await house.ask("ann", "JOIN #tea")
    (first,), _ = await _said(house, f"@hubbub/nonce={NONCE} PRIVMSG #tea :oops")
    await house.ask("ann", f"REDACT #tea {_id(first)}")
    assert await _said(house, f"@label=9;hubbub/nonce={NONCE};hubbub/again PRIVMSG #tea :oops") == (
        ["@label=9 :hubbub ACK"],
        [],
    )


async def test_somebody_elses_nonce_shows_nothing(house: House) -> None:
    await house.account("ann")
    person = house.connect("ann", secure=True)
    person.type(f"CAP REQ :{CAPS}\nPASS :ann:correct horse\nNICK ann\nUSER ann 0 * :x\nCAP END")
    await house.irc("bob", CAPS)
    await house.irc("eve", CAPS)
    await house.ask("ann", f"@hubbub/nonce={NONCE} PRIVMSG bob :secret")
    lines = await house.ask("eve", f"@label=1;hubbub/nonce={NONCE};hubbub/again PRIVMSG bob :secret")
    assert lines == ["eve < @label=1 :hubbub ACK"]


@pytest.mark.parametrize(
    ("nonce", "targets"),
    [("short", "#tea"), ("x" * 65, "#tea"), ("no\\sspaces\\sin\\sit!", "#tea"), (NONCE, "#tea,bob")],
)
async def test_no_nonce(house: House, nonce: str, targets: str) -> None:
    """ "the nonce is none, or the message has more than one target. Nothing was said." """
    await _people(house)
    (answer,), others = await _said(house, f"@hubbub/nonce={nonce} PRIVMSG {targets} :hello")
    assert ":hubbub FAIL PRIVMSG INVALID_NONCE :" in answer
    assert others == []


async def test_without_the_capability_it_is_a_tag_like_any(house: House) -> None:
    await house.irc("ann", "message-tags echo-message")
    await house.irc("bob", "message-tags")
    for name in ("ann", "bob"):
        await house.ask(name, "JOIN #tea")
    for _ in range(2):
        _, others = await _said(house, f"@hubbub/nonce={NONCE} PRIVMSG #tea :twice")
        assert len(others) == 1


async def test_what_is_remembered_is_bounded_and_the_history_knows_the_rest(house: House) -> None:
    await _people(house)
    (first,), _ = await _said(house, f"@hubbub/nonce={NONCE} PRIVMSG #tea :the first")
    nonces = house.node.state.nonces
    del nonces[NONCE]
    nonces.update(dict.fromkeys((f"{NONCE}-{number}" for number in range(NONCES_MAX)), 1))
    await _said(house, f"@hubbub/nonce={NONCE}-x PRIVMSG #tea :one more")
    assert len(nonces) == NONCES_MAX
    assert await _said(house, f"@hubbub/nonce={NONCE};hubbub/again PRIVMSG #tea :the first") == ([first], [])


@pytest.mark.parametrize("label", ["", "label=1;"])
@pytest.mark.parametrize("target", ["#tea", "bob"])
async def test_many_sent_again_beside_others_are_shown_in_the_order_of_ids(
    house: House, target: str, label: str
) -> None:
    """What others say while it is looked up comes before what is said anew: everybody is shown growing ids."""
    await _people(house)
    await house.irc("eve", CAPS)
    await house.ask("eve", "JOIN #tea")
    seen: dict[str, list[str]] = {"ann": [], "bob": [], "eve": []}
    for number in range(200):
        house.now_ms += 5_000
        if number % 3:
            house.people["ann"].type(
                f"@{label}hubbub/nonce={NONCE}-{number};hubbub/again PRIVMSG {target} :a{number}"
            )
        else:
            house.people["ann"].type(
                f"@{label}hubbub/nonce={NONCE}-{number};hubbub/again BATCH +x draft/multiline {target}\n"
                f"@batch=x PRIVMSG {target} :a{number}\n@batch=x PRIVMSG {target} :more\nBATCH -x"
            )
        house.people["bob"].type(f"PRIVMSG #tea :b{number}\nPRIVMSG ann :c{number}")
        house.people["eve"].type(f"PRIVMSG #tea :e{number}")
        lines = await house.look()
        for name in seen:
            seen[name] += told(lines, name)
    for name, lines in seen.items():
        ids = [_id(line) for line in lines if "msgid=" in line]
        assert ids == sorted(ids), name
    assert sum(":ann!" in line and "msgid=" in line for line in seen["ann"]) == 200
