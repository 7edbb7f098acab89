"""metadata-3: the newer draft of metadata, served by the same implementation beside `draft/metadata-2`."""

import re

import pytest

from tests.server_harness import ServerHarness, told

CAPS = "batch message-tags draft/metadata-3"
OLDER = "batch message-tags draft/metadata-2"


async def _people(harness: ServerHarness) -> None:
    await harness.irc("ann", CAPS)
    await harness.irc("bob", CAPS)
    for name in ("ann", "bob"):
        await harness.ask(name, "JOIN #tea")


def _plain(lines: list[str]) -> list[str]:
    """Lines without the server's name; the references of batches are all `b`."""
    lines = [line.removeprefix(":hubbub ") for line in lines]
    lines = [re.sub(r"^@batch=b\d+ (:hubbub )?", "@batch=b ", line) for line in lines]
    return [re.sub(r"^BATCH (.)b\d+", r"BATCH \1b", line) for line in lines]


async def _ask(harness: ServerHarness, name: str, text: str) -> list[str]:
    return _plain(told(await harness.ask(name, text), name))


async def test_the_capability_tells_its_limits(harness: ServerHarness) -> None:
    """ "`max-key-bytes` may stand beside the other limits in the capability's value." """
    harness.connect("ann")
    listed = " ".join(await harness.ask("ann", "CAP LS 302"))
    limits = "before-connect,max-subs=100,max-keys=50,max-value-bytes=300"
    assert f"draft/metadata-2={limits} " in listed
    assert f"draft/metadata-3={limits},max-key-bytes=64 " in listed


@pytest.mark.parametrize(("caps", "is_newer"), [(CAPS, True), (OLDER, False), (f"{CAPS} {OLDER}", True)])
async def test_changes_reach_subscribers_as_numerics(
    harness: ServerHarness, caps: str, is_newer: bool
) -> None:
    """ "Changes reach subscribers as numerics instead of the `METADATA` message: `761 RPL_KEYVALUE` … when a value is
    set, `766 RPL_KEYNOTSET` … when it is gone." A client that has asked for both drafts is served by the newer.
    """
    await _people(harness)
    await harness.irc("kim", caps)
    await harness.ask("kim", "JOIN #tea\nMETADATA * SUB url")
    for line, newer, older in (
        ("METADATA * SET url :x", "761 kim ann url * x", ":ann!ann@local METADATA ann url * :x"),
        ("METADATA * SET url", "766 kim ann url :key not set", ":ann!ann@local METADATA ann url *"),
        ("METADATA #tea SET url :y z", "761 kim #tea url * :y z", ":ann!ann@local METADATA #tea url * :y z"),
    ):
        found = [
            line.split(" ", 1)[1] if line[0] == "@" else line
            for line in told(await harness.ask("ann", line), "kim")
        ]
        assert _plain(found) == [newer if is_newer else older]


async def test_who_comes_into_a_room_is_told_of_by_numerics(harness: ServerHarness) -> None:
    await _people(harness)
    await harness.ask("bob", "METADATA * SUB url")
    await harness.irc("kim", CAPS)
    await harness.ask("kim", "METADATA * SET url :kims")
    assert "761 bob kim url * kims" in _plain(told(await harness.ask("kim", "JOIN #tea"), "bob"))


async def test_batches_hold_the_same_numerics(harness: ServerHarness) -> None:
    """ "The batches of SYNC and those sent on coming in hold the same numerics." """
    await _people(harness)
    await harness.ask("ann", "METADATA * SET url :x\nMETADATA #tea SET url :y")
    await harness.irc("kim", CAPS)
    assert await _ask(harness, "kim", "METADATA * SUB url") == [
        "770 kim url",
        "BATCH +b metadata *ALL",
        "BATCH -b",
    ]
    expected = [
        "BATCH +b metadata #tea",
        "@batch=b 761 kim #tea url * y",
        "@batch=b 761 kim ann url * x",
        "BATCH -b",
    ]
    lines = await _ask(harness, "kim", "JOIN #tea")
    assert lines[lines.index(expected[0]) :] == expected
    assert await _ask(harness, "kim", "METADATA #tea SYNC") == expected
    assert await _ask(harness, "kim", "METADATA *ALL SYNC") == ["BATCH +b metadata *ALL", *expected[1:]]
    harness.connect("lea")
    lines = await _ask(
        harness, "lea", f"CAP REQ :{CAPS}\nMETADATA * SET url :leas\nNICK lea\nUSER l 0 * :Lea\nCAP END"
    )
    start = lines.index("BATCH +b metadata lea")
    assert lines[start + 1 : start + 3] == ["@batch=b 761 lea lea url * leas", "BATCH -b"]


async def test_watching_somebody_answers_with_a_batch(harness: ServerHarness) -> None:
    await _people(harness)
    await harness.ask("ann", "METADATA * SET url :x")
    await harness.irc("kim", CAPS)
    await harness.ask("kim", "METADATA * SUB url")
    lines = await _ask(harness, "kim", "MONITOR + ann")
    assert lines[-3:] == ["BATCH +b metadata ann", "@batch=b 761 kim ann url * x", "BATCH -b"]


async def test_clearing_answers_766_for_each_key(harness: ServerHarness) -> None:
    """ "`CLEAR` answers a 766 for each key that was cleared" """
    await _people(harness)
    await harness.ask("ann", "METADATA * SET a :one\nMETADATA * SET b :two words")
    assert await _ask(harness, "ann", "METADATA * CLEAR") == [
        "BATCH +b metadata ann",
        "@batch=b 766 ann ann a :key not set",
        "@batch=b 766 ann ann b :key not set",
        "BATCH -b",
    ]


async def test_what_can_not_be_set(harness: ServerHarness) -> None:
    """ "A value that is not taken: `FAIL METADATA INVALID_VALUE <key>`" """
    await _people(harness)
    for command, code in (
        (f"METADATA * SET url :{'x' * 301}", "INVALID_VALUE url"),
        ("METADATA * SET display-name :bob", "INVALID_VALUE display-name"),
        ("METADATA * SET $url$ :x", "INVALID_KEY $url$"),
        ("METADATA bob SET url :x", "KEY_NO_PERMISSION bob url"),
        ("METADATA nobody LIST", "INVALID_TARGET nobody"),
        ("METADATA * DESTR0Y", "INVALID_PARAMS DESTR0Y"),
    ):
        (line,) = await _ask(harness, "ann", command)
        assert line.startswith(f"FAIL METADATA {code} :"), line
    # "It is not an error if a client attempts to … remove a nonexistent key", and an empty value removes one.
    for removing in ("METADATA * SET url", "METADATA * SET url :"):
        assert await _ask(harness, "ann", removing) == ["766 ann ann url :key not set"]


async def test_limits_name_what_did_not_fit(harness: ServerHarness) -> None:
    await _people(harness)
    for number in range(50):
        await harness.ask("ann", f"METADATA * SET k{number} :x")
        harness.wait(1)
    (line,) = await _ask(harness, "ann", "METADATA * SET one-more :x")
    assert line.startswith("FAIL METADATA LIMIT_REACHED ann 50 :")
    for start in range(0, 98, 7):
        await harness.ask("ann", "METADATA * SUB " + " ".join(f"k{start + each}" for each in range(7)))
    (line, *_) = await _ask(harness, "ann", "METADATA * SUB x y z more")
    assert line.startswith("FAIL METADATA LIMIT_REACHED z 100 :")


async def test_before_one_is_in(harness: ServerHarness) -> None:
    """ "Setting one's own keys before registration is complete stays as it was (`before-connect`)" """
    harness.connect("ann")
    await harness.ask("ann", f"CAP REQ :{CAPS}\nNICK ann")
    assert await _ask(harness, "ann", "METADATA * SUB display-name") == ["770 ann display-name"]
    assert await _ask(harness, "ann", "METADATA * SET display-name :a b c") == [
        "761 ann * display-name * :a b c"
    ]
    assert await _ask(harness, "ann", "METADATA * SET never") == ["766 ann * never :key not set"]
