"""metadata: what people let others know of themselves and of rooms, and who hears of it."""

import re
from collections.abc import Iterable, Iterator, Mapping

import pytest

from hubbub.dialects.irc import metadata_sync
from tests.server_harness import ServerHarness, told

CAPS = "batch message-tags draft/metadata-2"


async def _people(harness: ServerHarness) -> None:
    await harness.irc("ann", CAPS)
    await harness.irc("bob", CAPS)
    for name in ("ann", "bob"):
        await harness.ask(name, "JOIN #tea")


async def _ask(harness: ServerHarness, name: str, text: str) -> list[str]:
    """What somebody is answered, without the server's name; the references of batches are all `b`."""
    lines = [line.removeprefix(":hubbub ") for line in told(await harness.ask(name, text), name)]
    lines = [re.sub(r"^@batch=b\d+ (:hubbub )?", "@batch=b ", line) for line in lines]
    return [re.sub(r"^BATCH (.)b\d+", r"BATCH \1b", line) for line in lines]


async def test_the_capability_tells_its_limits(harness: ServerHarness) -> None:
    """ "`before-connect` …, `max-subs` …, `max-keys` …, `max-value-bytes`" """
    harness.connect("ann")
    listed = " ".join(await harness.ask("ann", "CAP LS 302"))
    assert "draft/metadata-2=before-connect,max-subs=100,max-keys=50,max-value-bytes=300" in listed


async def test_setting_and_removing(harness: ServerHarness) -> None:
    """ "responds with one `RPL_KEYVALUE` event, representing the new value if any, or `RPL_KEYNOTSET` if not." """
    await _people(harness)
    assert await _ask(harness, "ann", "METADATA * SET url :http://www.example.com") == [
        "761 ann ann url * http://www.example.com"
    ]
    assert await _ask(harness, "ann", "METADATA ann SET url") == ["766 ann ann url :key not set"]
    # "The empty string is a valid value."
    assert await _ask(harness, "ann", "METADATA * SET url :") == ["761 ann ann url * :"]


async def test_getting_each_key_in_order(harness: ServerHarness) -> None:
    """ "The response will be a `metadata` batch containing … for every key in order." """
    await _people(harness)
    await harness.ask("ann", "METADATA * SET im.xmpp :user1@xmpp.example.com")
    assert await _ask(harness, "bob", "METADATA ann GET blargh im.xmpp $url$") == [
        "BATCH +b metadata ann",
        "@batch=b 766 bob ann blargh :key not set",
        "@batch=b 761 bob ann im.xmpp * user1@xmpp.example.com",
        "@batch=b FAIL METADATA KEY_INVALID $url$ :This key is not valid. A key consists of a-z, 0-9 and _ . / -",
        "BATCH -b",
    ]


async def test_listing_and_clearing(harness: ServerHarness) -> None:
    """ "a `metadata` batch containing zero or more `RPL_KEYVALUE` events"; "one … per cleared key" """
    await _people(harness)
    assert await _ask(harness, "bob", "METADATA ann LIST") == ["BATCH +b metadata ann", "BATCH -b"]
    await harness.ask("ann", "METADATA * SET a :one\nMETADATA * SET b :two words")
    listed = [
        "BATCH +b metadata ann",
        "@batch=b 761 {} ann a * one",
        "@batch=b 761 {} ann b * :two words",
        "BATCH -b",
    ]
    for name, command in (("bob", "METADATA ann LIST"), ("ann", "METADATA * CLEAR")):
        found = [line.replace("* one", "* one") for line in await _ask(harness, name, command)]
        assert found == [line.format(name) for line in listed]
    assert await _ask(harness, "bob", "METADATA ann LIST") == ["BATCH +b metadata ann", "BATCH -b"]


async def test_who_may_set_what(harness: ServerHarness) -> None:
    """ "Clients can set/delete metadata on themselves, and on channels they administer." """
    await _people(harness)
    denied = "You can set this only for yourself and for rooms of which you are an operator."
    assert await _ask(harness, "ann", "METADATA #tea SET url :x") == ["761 ann #tea url * x"]
    for target in ("ann", "#tea"):
        assert await _ask(harness, "bob", f"METADATA {target} SET url :x") == [
            f"FAIL METADATA KEY_NO_PERMISSION {target} url :{denied}"
        ]
        # "with an asterisk (`*`) in the `<Key>` field"
        assert await _ask(harness, "bob", f"METADATA {target} CLEAR") == [
            f"FAIL METADATA KEY_NO_PERMISSION {target} * :{denied}"
        ]


async def test_a_room_by_invitation_tells_nothing_to_outsiders(harness: ServerHarness) -> None:
    """ "Servers MAY replace metadata which is considered not visible for the requesting user … with `FAIL METADATA
    KEY_NO_PERMISSION`": as in Ergo; in open rooms, and in those by approval, whoever thinks of joining may look.
    """
    await _people(harness)
    await harness.irc("eve", CAPS)
    await harness.ask("ann", "METADATA #tea SET url :x\nMODE #tea +A")
    assert "@batch=b 761 eve #tea url * x" in await _ask(harness, "eve", "METADATA #tea LIST")
    await harness.ask("ann", "MODE #tea +i")
    why = "The room tea requires an invitation. Ask one of its members."
    for line in ("GET url", "LIST", "SYNC"):
        assert await _ask(harness, "eve", f"METADATA #tea {line}") == [
            f"FAIL METADATA KEY_NO_PERMISSION #tea * :{why}"
        ]
        assert len(await _ask(harness, "bob", f"METADATA #tea {line}")) > 1
    await harness.ask("ann", "INVITE eve #tea")
    assert "@batch=b 761 eve #tea url * x" in await _ask(harness, "eve", "METADATA #tea LIST")


async def test_what_can_not_be_set(harness: ServerHarness) -> None:
    await _people(harness)
    for command, code in (
        ("METADATA bob SET $url$ :x", "KEY_INVALID $url$"),
        ("METADATA * SET URL :x", "KEY_INVALID URL"),
        (f"METADATA * SET {'k' * 65} :x", f"KEY_INVALID {'k' * 65}"),
        ("METADATA * SET url", "KEY_NOT_SET ann url"),
        (f"METADATA * SET url :{'x' * 301}", "VALUE_INVALID"),
        ("METADATA $a:user SET url :x", "INVALID_TARGET $a:user"),
        ("METADATA nobody LIST", "INVALID_TARGET nobody"),
        ("METADATA #nowhere LIST", "INVALID_TARGET #nowhere"),
        ("METADATA bob SUBS", "INVALID_TARGET bob"),
        ("METADATA * DESTR0Y", "SUBCOMMAND_INVALID DESTR0Y"),
    ):
        (line,) = await _ask(harness, "ann", command)
        assert line.startswith(f"FAIL METADATA {code} :"), line
    assert await _ask(harness, "ann", "METADATA * SET") == ["461 ann METADATA :Not enough parameters"]
    for number in range(50):
        await harness.ask("ann", f"METADATA * SET k{number} :x")
        harness.wait(1)
    (line,) = await _ask(harness, "ann", "METADATA * SET one-more :x")
    assert line.startswith("FAIL METADATA LIMIT_REACHED ann :")


async def test_subscribers_who_share_a_room_are_told(harness: ServerHarness) -> None:
    """ "this applies only to subscribers who either share a channel with the updated user or are monitoring them";
    "themselves (excluding changes they make themselves)".
    """
    await _people(harness)
    await harness.irc("eve", CAPS)
    await harness.irc("kim", CAPS)
    await harness.ask("kim", "MONITOR + ann")
    for name in ("ann", "bob", "eve", "kim"):
        assert await _ask(harness, name, "METADATA * SUB url") == [f"770 {name} url"]
    lines = await harness.ask("ann", "METADATA * SET url :x")
    assert told(lines, "bob") == told(lines, "kim")
    assert [line.split(" ", 1)[1] for line in told(lines, "bob")] == [":ann!ann@local METADATA ann url * :x"]
    assert told(lines, "eve") == [] and told(lines, "ann") == [":hubbub 761 ann ann url * x"]
    lines = await harness.ask("ann", "METADATA * SET other :x")
    assert [line for line in lines if not line.startswith("ann")] == []
    lines = await harness.ask("ann", "METADATA #tea SET url :y")
    assert (
        told(lines, "bob")[0].endswith(":ann!ann@local METADATA #tea url * :y") and told(lines, "kim") == []
    )


async def test_subscribing_tells_what_is_set(harness: ServerHarness) -> None:
    """ "When subscribing to a key, clients SHOULD receive the current value of that key" """
    await _people(harness)
    await harness.ask("ann", "METADATA * SET url :x\nMETADATA #tea SET url :y")
    assert await _ask(harness, "bob", "METADATA * SUB url avatar") == [
        "770 bob url avatar",
        "METADATA #tea url * y",
        "METADATA ann url * x",
    ]


async def test_subscriptions(harness: ServerHarness) -> None:
    """ "is already subscribed to a requested key, that key MUST appear in a `RPL_METADATASUBOK`", "MUST NOT list the
    same key multiple times", "is not subscribed to a requested key, that key MUST appear in a `RPL_METADATAUNSUBOK`".
    """
    await _people(harness)
    assert await _ask(harness, "ann", "METADATA * SUB a $b c a") == [
        "FAIL METADATA KEY_INVALID $b :This key is not valid. A key consists of a-z, 0-9 and _ . / -",
        "770 ann a c",
    ]
    assert await _ask(harness, "ann", "METADATA * SUB c d") == ["770 ann c d"]
    assert await _ask(harness, "ann", "METADATA * SUBS") == [
        "BATCH +b metadata-subs",
        "@batch=b 772 ann a c d",
        "BATCH -b",
    ]
    assert await _ask(harness, "ann", "METADATA * UNSUB c never $b") == [
        "FAIL METADATA KEY_INVALID $b :This key is not valid. A key consists of a-z, 0-9 and _ . / -",
        "771 ann c never",
    ]
    assert "@batch=b 772 ann a d" in await _ask(harness, "ann", "METADATA * SUBS")


async def test_too_many_subscriptions(harness: ServerHarness) -> None:
    """ "MUST be this first key that the client could not subscribe to" """
    await _people(harness)
    for start in range(0, 98, 7):
        await harness.ask("ann", "METADATA * SUB " + " ".join(f"k{start + each}" for each in range(7)))
    lines = await _ask(harness, "ann", "METADATA * SUB k0 x y z more")
    assert lines == [
        "FAIL METADATA TOO_MANY_SUBS z :You can subscribe to at most 100 keys. Unsubscribe from some first.",
        "770 ann k0 x y",
    ]


async def test_coming_into_a_room(harness: ServerHarness) -> None:
    """ "On joining a channel, users will get the channel's current metadata …, and get the same information for all
    users who are in the channel. Specifically, they get that information for the keys they are subscribed to."
    """
    await _people(harness)
    await harness.irc("kim", CAPS)
    await harness.ask("ann", "METADATA * SET url :x\nMETADATA #tea SET url :y\nMETADATA * SET other :z")
    await harness.ask("kim", "METADATA * SUB url")
    lines = await _ask(harness, "kim", "JOIN #tea")
    start = lines.index("BATCH +b metadata #tea")
    assert lines[start + 1 :] == [
        "@batch=b METADATA #tea url * y",
        "@batch=b METADATA ann url * x",
        "BATCH -b",
    ]
    # And those who are there hear of who comes.
    await harness.ask("bob", "PART #tea")
    await harness.ask("bob", "METADATA * SET url :bobs")
    assert told(await harness.ask("bob", "JOIN #tea"), "kim")[-1].endswith(":hubbub METADATA bob url * :bobs")


async def test_a_large_room_is_asked_for_later(harness: ServerHarness) -> None:
    """ "the server MUST respond with a `RPL_METADATASYNCLATER` numeric instead", and "SYNC" gives it then."""
    await _people(harness)
    for number in range(41):
        name = f"guest{number}"
        await harness.irc(name, CAPS)
        await harness.ask(name, "JOIN #tea\n" + "\n".join(f"METADATA * SET k{key} :v" for key in range(5)))
    await harness.irc("kim", CAPS)
    await harness.ask("kim", "METADATA * SUB k0 k1 k2 k3 k4")
    lines = await _ask(harness, "kim", "JOIN #tea")
    assert "774 kim #tea" in lines and not [line for line in lines if "METADATA" in line]
    lines = await _ask(harness, "kim", "METADATA #tea SYNC")
    assert lines[0] == "BATCH +b metadata #tea" and len(lines) == 2 + 41 * 5


async def test_watching_somebody(harness: ServerHarness) -> None:
    """ "SHOULD receive the current values of keys they are subscribed to when they `MONITOR` a user, or when one of
    their monitored users comes online."
    """
    await _people(harness)
    await harness.irc("kim", CAPS)
    await harness.ask("ann", "METADATA * SET url :x")
    await harness.ask("kim", "METADATA * SUB url")
    assert "METADATA ann url * x" in await _ask(harness, "kim", "MONITOR + ann,lea")
    harness.connect("lea").type(
        f"CAP REQ :{CAPS}\nMETADATA * SET url :leas\nNICK lea\nUSER lea 0 * :Lea\nCAP END"
    )
    assert ":hubbub METADATA lea url * leas" in told(await harness.look(), "kim")


async def test_before_one_is_in(harness: ServerHarness) -> None:
    """ "Clients that have not completed connection registration MUST use `*` to target themselves"; "clients receive
    their current metadata … in a `metadata` batch with their own nick as target …, before `RPL_ENDOFMOTD`".
    """
    harness.connect("ann")
    await harness.ask("ann", f"CAP REQ :{CAPS}\nNICK ann")
    assert await _ask(harness, "ann", "METADATA * SUB display-name") == ["770 ann display-name"]
    assert await _ask(harness, "ann", "METADATA * SET display-name :a b c") == [
        "761 ann * display-name * :a b c"
    ]
    assert await _ask(harness, "ann", "METADATA ann LIST") == [
        "FAIL METADATA INVALID_TARGET ann :Invalid target."
    ]
    lines = await _ask(harness, "ann", "USER a 0 * :Ann\nCAP END")
    start = lines.index("BATCH +b metadata ann")
    assert lines[start : start + 3] == [
        "BATCH +b metadata ann",
        "@batch=b METADATA ann display-name * :a b c",
        "BATCH -b",
    ]
    assert lines[start + 3].startswith("422 ")
    assert "@batch=b 772 ann display-name" in await _ask(harness, "ann", "METADATA * SUBS")


async def test_an_empty_batch_if_there_is_nothing(harness: ServerHarness) -> None:
    """ "If none exists, the server MUST send an empty batch instead." """
    harness.connect("ann")
    lines = await _ask(harness, "ann", f"CAP REQ :{CAPS}\nNICK ann\nUSER a 0 * :Ann\nCAP END")
    start = lines.index("BATCH +b metadata ann")
    assert lines[start + 1] == "BATCH -b"


async def test_an_account_keeps_it(harness: ServerHarness) -> None:
    await harness.account("ann")
    come = f"PASS :ann:correct horse\nCAP REQ :{CAPS}\nNICK ann\nUSER a 0 * :Ann\nCAP END"
    harness.connect("ann").type(come)
    await harness.ask("ann", "METADATA * SET url :x\nMETADATA * SET gone :x")
    await harness.ask("ann", "METADATA * SET gone")
    await harness.restart()
    harness.connect("ann").type(come)
    await harness.look()
    assert "@batch=b 761 ann ann url * x" in await _ask(harness, "ann", "METADATA * LIST")
    assert len(await _ask(harness, "ann", "METADATA * LIST")) == 3


async def test_whois_tells_it(harness: ServerHarness) -> None:
    """ "a subset of that metadata MAY be sent with `RPL_WHOISKEYVALUE` numerics" """
    await _people(harness)
    await harness.ask("ann", "METADATA * SET url :x")
    assert "760 bob ann url * x" in await _ask(harness, "bob", "WHOIS ann")


async def test_without_the_capability(harness: ServerHarness) -> None:
    await harness.irc("old")
    assert await harness.ask("old", "METADATA * LIST") == ["old < :hubbub 421 old METADATA :Unknown command"]


async def test_listening_in_large_rooms(harness: ServerHarness) -> None:
    """RPL_METADATASYNCLATER is also an answer to SUB."""
    await _people(harness)
    await harness.irc("kim", CAPS)
    await harness.ask("kim", "JOIN #tea")
    for number in range(41):
        name = f"guest{number}"
        await harness.irc(name, CAPS)
        await harness.ask(name, "JOIN #tea\n" + "\n".join(f"METADATA * SET k{key} :v" for key in range(5)))
    assert await _ask(harness, "kim", "METADATA * SUB k0 k1 k2 k3 k4") == [
        "770 kim k0 k1 k2 k3 k4",
        "774 kim #tea",
    ]


async def test_no_more_is_looked_at_than_is_told(
    harness: ServerHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _people(harness)
    await harness.irc("kim", CAPS)
    await harness.ask("kim", "JOIN #tea")
    for number in range(9):
        await harness.irc(f"guest{number}", CAPS)
        await harness.ask(f"guest{number}", "JOIN #tea\nMETADATA * SET k :v")
    monkeypatch.setattr(metadata_sync, "SYNC_LINES_MAX", 3)
    looked: list[str] = []
    of = metadata_sync.of

    def counted(name: str, values: Mapping[str, str], keys: Iterable[str]) -> Iterator[metadata_sync.Told]:
        looked.append(name)
        return of(name, values, keys)

    monkeypatch.setattr(metadata_sync, "of", counted)
    assert await _ask(harness, "kim", "METADATA * SUB k") == ["770 kim k", "774 kim #tea"]
    assert len(looked) == 2 + 4, "of oneself, the room, and as many as it takes to know that it is too much"


async def test_set_before_coming_in_and_taken_back(harness: ServerHarness) -> None:
    harness.connect("ann")
    await harness.ask("ann", f"CAP REQ :{CAPS}\nNICK ann\nUSER a 0 * :Ann")
    await harness.ask("ann", "METADATA * SET a :1\nMETADATA * SET b :2")
    assert await _ask(harness, "ann", "METADATA * SET a") == ["766 ann * a :key not set"]
    assert await _ask(harness, "ann", "METADATA * SET a") == [
        "FAIL METADATA KEY_NOT_SET * a :This key is not set."
    ]
    assert "@batch=b 761 ann * b * 2" in await _ask(harness, "ann", "METADATA * CLEAR")
    lines = await _ask(harness, "ann", "CAP END")
    start = lines.index("BATCH +b metadata ann")
    assert lines[start + 1] == "BATCH -b"
