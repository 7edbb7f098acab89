"""CHATHISTORY: what was said in rooms and between two persons, and who may read it."""

from pathlib import Path

import pytest

from hubbub.dialects.irc import history
from hubbub.wire.times import format_time
from tests.server_harness import START_MS, ServerHarness, told
from tests.sign_in import arrive, depart

END = "draft/chathistory-end"
CAPS = "batch server-time message-tags draft/chathistory echo-message"
MINUTE = 60_000


@pytest.fixture
async def tea(harness: ServerHarness) -> ServerHarness:
    """Ann and bob have said one to nine in #tea, a minute apart; eve is not in it."""
    for name in ("ann", "bob"):
        await arrive(harness, name, CAPS)
        await harness.ask(name, "JOIN #tea")
    await harness.irc("eve", CAPS)
    for number in range(1, 10):
        harness.now_ms = START_MS + number * MINUTE
        await harness.ask("ann" if number % 2 else "bob", f"PRIVMSG #tea :{number}")
    return harness


def at(minute: float) -> str:
    return f"timestamp={format_time(START_MS + int(minute * MINUTE))}"


async def lines(harness: ServerHarness, query: str, name: str = "ann") -> list[str]:
    """What is in the batch that answers."""
    answer = [line.split(" < ", 1)[1] for line in await harness.ask(name, f"CHATHISTORY {query}")]
    first, *inside, last = [line.removeprefix(f"@{END} ") for line in answer]
    reference = first.split()[2].removeprefix("+")
    assert first.startswith(f":hubbub BATCH +{reference} ")
    assert last == f":hubbub BATCH -{reference}"
    assert all(line.startswith(f"@batch={reference};") for line in inside)
    return inside


async def said(harness: ServerHarness, query: str, name: str = "ann") -> str:
    """The texts in the batch, in a row."""
    return " ".join(line.rsplit(" :", 1)[1] for line in await lines(harness, query, name))


async def ids(harness: ServerHarness, target: str = "#tea") -> dict[str, str]:
    """The selector of each message by its text."""
    found = await lines(harness, f"LATEST {target} * 100")
    return {
        line.rsplit(" :", 1)[1]: "msgid=" + line.split("msgid=")[1].split(" ")[0].split(";")[0]
        for line in found
    }


async def test_a_page_of_history(tea: ServerHarness) -> None:
    """ "a `batch` … MUST have type `chathistory` and take … the canonical name of the target being queried" """
    answer = await tea.ask("bob", "CHATHISTORY LATEST #TEA * 2")
    msgids = await ids(tea)
    assert answer == [
        "bob < :hubbub BATCH +b1 chathistory #tea",
        f"bob < @batch=b1;time=2026-11-18T11:14:40.000Z;{msgids['8']} :bob!bob@local PRIVMSG #tea :8",
        f"bob < @batch=b1;time=2026-11-18T11:15:40.000Z;{msgids['9']} :ann!ann@local PRIVMSG #tea :9",
        "bob < :hubbub BATCH -b1",
    ]


@pytest.mark.parametrize(
    ("query", "texts"),
    [
        ("LATEST #tea * 3", "7 8 9"),
        ("latest #tea * 100000000000", "1 2 3 4 5 6 7 8 9"),
        ("LATEST #tea {7} 100", "8 9"),
        ("LATEST #tea {2} 3", "7 8 9"),
        ("LATEST #tea {9} 3", ""),
        ("BEFORE #tea {4} 2", "2 3"),
        ("BEFORE #tea {1} 2", ""),
        ("AFTER #tea {4} 2", "5 6"),
        ("AFTER #tea {9} 2", ""),
        ("AROUND #tea {5} 5", "3 4 5 6 7"),
        ("AROUND #tea {5} 4", "3 4 5 6"),
        ("AROUND #tea {5} 1", "5"),
        ("AROUND #tea {1} 4", "1 2"),
        ("AROUND #tea {9} 4", "7 8 9"),
        ("BETWEEN #tea {3} {7} 9", "4 5 6"),
        ("BETWEEN #tea {3} {7} 2", "4 5"),
        ("BETWEEN #tea {7} {3} 2", "5 6"),
        ("BETWEEN #tea {3} {4} 2", ""),
        ("BETWEEN #tea {3} {3} 2", ""),
    ],
)
async def test_what_is_chosen(tea: ServerHarness, query: str, texts: str) -> None:
    """Before and after, "excluding the given `timestamp` or `msgid`"; by either the same messages are chosen."""
    known = await ids(tea)
    by_id = query.format("", *(known[str(number)] for number in range(1, 10)))
    by_time = query.format("", *(at(number) for number in range(1, 10)))
    assert await said(tea, by_id) == texts
    assert await said(tea, by_time) == texts


@pytest.mark.parametrize(
    ("query", "is_all"),
    [
        ("LATEST #tea * 9", True),
        ("LATEST #tea * 8", False),
        ("LATEST #tea {5} 4", True),
        ("LATEST #tea {5} 3", False),
        ("BEFORE #tea {4} 3", True),
        ("BEFORE #tea {4} 2", False),
        ("BEFORE #tea {1} 5", True),
        ("AFTER #tea {5} 4", True),
        ("AFTER #tea {5} 3", False),
        ("BETWEEN #tea {3} {7} 3", True),
        ("BETWEEN #tea {3} {7} 2", False),
        ("BETWEEN #tea {7} {3} 2", False),
        ("AROUND #tea {5} 20", False),
    ],
)
async def test_the_last_page_says_so(tea: ServerHarness, query: str, is_all: bool) -> None:
    """As the specification says since May 2026: a batch behind which there is nothing more has the tag
    `draft/chathistory-end`, also one that is just full. Of AROUND, which has two directions, it is never said.
    """
    known = await ids(tea)
    answer = await tea.ask(
        "ann", "CHATHISTORY " + query.format("", *(known[str(number)] for number in range(1, 10)))
    )
    assert answer[0].startswith(f"ann < @{END} :hubbub BATCH +") is is_all, answer[0]
    assert END not in " ".join(answer[1:])


async def test_what_is_said_meanwhile_is_shown_once_and_as_it_happens(tea: ServerHarness) -> None:
    """Whoever has it in the page already takes it for history, and a program answers nobody in the history."""
    tea.people["ann"].type("CHATHISTORY LATEST #tea * 10")
    tea.people["bob"].type("PRIVMSG #tea :meanwhile")
    shown = told(await tea.look(), "ann")
    [end] = [at for at, line in enumerate(shown) if " BATCH -" in line]
    assert [at for at, line in enumerate(shown) if line.endswith(" :meanwhile")] == [end + 1]


async def test_times_between_messages(tea: ServerHarness) -> None:
    assert await said(tea, f"BEFORE #tea {at(4.5)} 2") == "3 4"
    assert await said(tea, f"AFTER #tea {at(4.5)} 2") == "5 6"
    assert await said(tea, f"BETWEEN #tea {at(8.5)} {at(5.5)} 9") == "6 7 8"
    assert await said(tea, f"BETWEEN #tea {at(8.5)} msgid=0000000000000 1") == "8"


async def test_all_of_one_millisecond_is_left_out(tea: ServerHarness) -> None:
    for text in ("ten", "eleven"):
        await tea.ask("ann", f"PRIVMSG #tea :{text}")
    assert await said(tea, f"AFTER #tea {at(8)} 9") == "9 ten eleven"
    assert await said(tea, f"AFTER #tea {at(9)} 9") == ""
    assert await said(tea, f"BEFORE #tea {at(9)} 1") == "8"


async def test_no_more_than_the_limit(tmp_path: Path) -> None:
    async with ServerHarness(tmp_path, {"limits.history_a_request": 3}) as harness:
        await harness.irc("ann", CAPS)
        await harness.ask("ann", "JOIN #tea")
        for number in range(1, 6):
            harness.now_ms += 1
            await harness.ask("ann", f"PRIVMSG #tea :{number}")
        assert await said(harness, "LATEST #tea * 1000") == "3 4 5"
        assert await said(harness, "AROUND #tea msgid=0000000000000 1000") == "1 2"


async def by_time(harness: ServerHarness, subcommand: str, limit: int) -> list[str]:
    """All texts that whoever pages by times alone is given, page by page, in the order of the pages."""
    pages, moment = [], "*" if subcommand == "LATEST" else at(0)
    while page := await lines(harness, f"{subcommand} #tea {moment} {limit}"):
        edge = page[-1] if subcommand == "AFTER" else page[0]
        moment = "timestamp=" + edge.split("time=")[1].split(";")[0]
        subcommand = {"LATEST": "BEFORE"}.get(subcommand, subcommand)
        pages.append(" ".join(line.rsplit(" :", 1)[1] for line in page))
    return pages


@pytest.mark.parametrize("limit", range(1, 7))
async def test_paging_by_time_leaves_nothing_out(tea: ServerHarness, limit: int) -> None:
    """Of BEFORE and AFTER the time that is given is excluded: so no page ends within a millisecond."""
    for number in range(10, 14):
        await tea.ask("bob", f"PRIVMSG #tea :{number}")
    every = [str(number) for number in range(1, 14)]
    forwards = await by_time(tea, "AFTER", limit)
    assert " ".join(forwards).split() == every
    backwards = await by_time(tea, "LATEST", limit)
    assert " ".join(reversed(backwards)).split() == every
    assert all(page.split() == every[8:] or len(page.split()) <= limit for page in forwards[:-1])


async def test_a_page_between_times_ends_with_its_millisecond(tea: ServerHarness) -> None:
    for number in (10, 11):
        await tea.ask("bob", f"PRIVMSG #tea :{number}")
    assert await said(tea, f"BETWEEN #tea {at(99)} {at(0)} 1") == "9 10 11"
    assert await said(tea, f"BETWEEN #tea {at(7)} {at(99)} 2") == "8 9 10 11"
    assert await said(tea, f"AROUND #tea {at(9)} 2") == "8 9", '"the total number … not exceeding `limit`"'
    known = await ids(tea)
    assert await said(tea, f"BETWEEN #tea {known['8']} msgid=7zzzzzzzzzzzz 2") == "9 10", "ids go on anywhere"


async def test_before_and_after_a_restart(tea: ServerHarness) -> None:
    known = await ids(tea)
    await tea.restart()
    await arrive(tea, "ann", CAPS)
    assert await said(tea, "LATEST #tea * 2") == "8 9"
    assert await ids(tea) == known, """the "msgid tag as originally sent" """


async def test_without_batches(tea: ServerHarness) -> None:
    """ "If the `batch` capability was negotiated, the server MUST reply … using a batch": else as they are."""
    await tea.ask("ann", "CAP REQ :-batch -message-tags -server-time")
    assert await tea.ask("ann", "CHATHISTORY LATEST #tea * 1") == ["ann < :ann!ann@local PRIVMSG #tea :9"]


async def test_only_for_those_who_have_asked_for_it(tea: ServerHarness) -> None:
    """ "The `draft/chathistory` capability MUST be negotiated." """
    await tea.ask("ann", "CAP REQ :-draft/chathistory")
    assert await tea.ask("ann", "CHATHISTORY LATEST #tea * 1") == [
        "ann < :hubbub 421 ann CHATHISTORY :Unknown command"
    ]


async def test_within_a_labeled_response(tea: ServerHarness) -> None:
    await tea.ask("ann", "CAP REQ labeled-response")
    first, _, last = await tea.ask("ann", "@label=x CHATHISTORY LATEST #tea * 1")
    assert first.startswith("ann < @label=x :hubbub BATCH +b")
    assert last.startswith("ann < :hubbub BATCH -b")


async def test_what_happened_besides(tea: ServerHarness) -> None:
    """ "If the client has not negotiated the `draft/event-playback` capability, the server MUST NOT send any lines
    other than `PRIVMSG` and `NOTICE`" """
    await tea.ask("ann", "TOPIC #tea :Oolong")
    await tea.ask("bob", "NOTICE #tea :ten")
    await tea.ask("bob", "PART #tea")
    assert await said(tea, "LATEST #tea * 2") == "9 ten"
    await tea.ask("ann", "CAP REQ draft/event-playback")
    happened = [line.split(" ", 1)[1] for line in await lines(tea, "LATEST #tea * 4")]
    assert happened == [
        ":ann!ann@local PRIVMSG #tea :9",
        ":ann!ann@local TOPIC #tea :Oolong",
        ":bob!bob@local NOTICE #tea :ten",
        ":bob!bob@local PART #tea",
    ]
    assert (await lines(tea, "AFTER #tea msgid=0000000000000 1"))[0].endswith(" :ann!ann@local JOIN #tea")


@pytest.mark.parametrize(
    ("query", "answer"),
    [
        ("FOO", "INVALID_PARAMS FOO :Unknown command"),
        ("FOO #tea * 1", "INVALID_PARAMS FOO :Unknown command"),
        (":", "INVALID_PARAMS :Unknown command"),
        (":a b", "INVALID_PARAMS :Unknown command"),
        ("LATEST", "INVALID_PARAMS LATEST :Insufficient parameters"),
        ("LATEST #tea *", "INVALID_PARAMS LATEST :Insufficient parameters"),
        ("LATEST #tea * 1 1", "INVALID_PARAMS LATEST :Too many parameters"),
        ("BETWEEN #tea * 1", "INVALID_PARAMS BETWEEN :Insufficient parameters"),
        ("BEFORE #tea * 1", "INVALID_PARAMS BEFORE * :Invalid message reference"),
        ("BEFORE #tea 7 1", "INVALID_PARAMS BEFORE 7 :Invalid message reference"),
        (
            "BEFORE #tea timestamp=2026-11-20 1",
            "INVALID_PARAMS BEFORE timestamp=2026-11-20 :Invalid timestamp",
        ),
        (
            "AFTER #tea timestamp=2026-02-30T00:00:00.000Z 1",
            "INVALID_PARAMS AFTER timestamp=2026-02-30T00:00:00.000Z :Invalid timestamp",
        ),
        ("AROUND #tea msgid= 1", "INVALID_PARAMS AROUND msgid= :Invalid msgid"),
        ("AROUND #tea msgid=zzzzzzzzzzzzz 1", "INVALID_PARAMS AROUND msgid=zzzzzzzzzzzzz :Invalid msgid"),
        (
            "AFTER #tea readmark=7 1",
            "INVALID_MSGREFTYPE AFTER #tea :Only msgid and timestamp are supported",
        ),
        ("LATEST #tea * 0", "INVALID_PARAMS LATEST 0 :Invalid limit: it is a number from 1"),
        ("LATEST #tea * -1", "INVALID_PARAMS LATEST -1 :Invalid limit: it is a number from 1"),
        ("LATEST #tea * ٣", "INVALID_PARAMS LATEST ٣ :Invalid limit: it is a number from 1"),
        ("LATEST #tea * :", "INVALID_PARAMS LATEST :Invalid limit: it is a number from 1"),
        ("LATEST #nowhere * 1", "INVALID_TARGET LATEST #nowhere :Messages could not be retrieved"),
        ("LATEST zed * 1", "INVALID_TARGET LATEST zed :Messages could not be retrieved"),
        ("LATEST @#tea * 1", "INVALID_TARGET LATEST @#tea :Messages could not be retrieved"),
        ("LATEST # * 1", "INVALID_TARGET LATEST # :Messages could not be retrieved"),
        ("TARGETS * * 1", "INVALID_PARAMS TARGETS * :Invalid timestamp"),
        (
            "TARGETS msgid=0000000000000 timestamp=2026-11-20T00:00:00.000Z 1",
            "INVALID_PARAMS TARGETS msgid=0000000000000 :Invalid timestamp",
        ),
        ("TARGETS timestamp=x timestamp=x 1", "INVALID_PARAMS TARGETS timestamp=x :Invalid timestamp"),
    ],
)
async def test_mistakes(tea: ServerHarness, query: str, answer: str) -> None:
    assert await tea.ask("ann", f"CHATHISTORY {query}") == [f"ann < :hubbub FAIL CHATHISTORY {answer}"]


async def test_a_subcommand_is_needed(tea: ServerHarness) -> None:
    """ "If an existing error numeric such as `ERR_NEEDMOREPARAMS` is appropriate, it MAY be used instead." """
    assert await tea.ask("ann", "CHATHISTORY") == ["ann < :hubbub 461 ann CHATHISTORY :Not enough parameters"]


@pytest.mark.parametrize("secret", ["", "+s"])
async def test_rooms_of_others(tea: ServerHarness, secret: str) -> None:
    """ "If the target does not exist or the client does not have permissions to query it" """
    await tea.ask("ann", f"MODE #tea {secret}")
    for subcommand in ("LATEST #tea *", "BEFORE #tea timestamp=2030-01-01T00:00:00.000Z"):
        (line,) = await tea.ask("eve", f"CHATHISTORY {subcommand} 5")
        word = subcommand.split()[0]
        assert line == (
            f"eve < :hubbub FAIL CHATHISTORY INVALID_TARGET {word} #tea :Messages could not be retrieved"
        )
    assert await said(tea, f"TARGETS {at(0)} {at(99)} 9", "eve") == ""
    await tea.ask("bob", "PART #tea")
    (line,) = await tea.ask("bob", "CHATHISTORY LATEST #tea * 5")
    assert "INVALID_TARGET" in line


@pytest.mark.parametrize(("policy", "texts"), [("all", "1 2 3"), ("since joining", "2 3")])
async def test_since_one_is_in_the_room(tmp_path: Path, policy: str, texts: str) -> None:
    async with ServerHarness(tmp_path, {"rooms.history": policy}) as harness:
        await arrive(harness, "ann", CAPS)
        await arrive(harness, "bob", CAPS)
        await harness.ask("ann", "JOIN #tea")
        await harness.ask("ann", "PRIVMSG #tea :1")
        await harness.ask("bob", "JOIN #tea")
        for text in "23":
            await harness.ask("ann", f"PRIVMSG #tea :{text}")
        assert await said(harness, "LATEST #tea * 9", "bob") == texts
        assert await said(harness, "AFTER #tea msgid=0000000000000 9", "bob") == texts
        assert await said(harness, f"BETWEEN #tea {at(99)} {at(-99)} 9", "bob") == texts


async def test_a_room_without_history(tmp_path: Path) -> None:
    async with ServerHarness(tmp_path, {"rooms.history": "none"}) as harness:
        await harness.irc("ann", CAPS)
        await harness.ask("ann", "JOIN #tea")
        await harness.ask("ann", "PRIVMSG #tea :1")
        assert await harness.ask("ann", "CHATHISTORY LATEST #tea * 9") == [
            "ann < :hubbub FAIL CHATHISTORY INVALID_TARGET LATEST #tea :Messages could not be retrieved"
        ]
        assert await said(harness, f"TARGETS {at(-1)} {at(99)} 9") == ""


async def test_words_for_operators_are_for_operators(
    tea: ServerHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are passed over without being counted, however many there are."""
    monkeypatch.setattr(history, "PAGE", 2)
    for number in range(7):
        tea.now_ms += 1
        await tea.ask("ann", f"PRIVMSG @#tea :secret{number}")
    tea.now_ms += 1
    assert await said(tea, "LATEST #tea * 2", "bob") == "8 9"
    assert await said(tea, "LATEST #tea * 2") == "secret5 secret6"
    await tea.ask("bob", "PRIVMSG #tea :ten")
    assert await said(tea, f"AFTER #tea {at(8)} 2", "bob") == "9 ten"
    assert await said(tea, f"BETWEEN #tea {at(99)} {at(8)} 2", "bob") == "9 ten"
    await tea.ask("bob", "PRIVMSG @#tea :question")
    assert await said(tea, "LATEST #tea * 2", "bob") == "ten question"
    await tea.ask("ann", "MODE #tea +o bob")
    assert await said(tea, "LATEST #tea * 3", "bob") == "secret6 ten question"


async def test_a_renamed_room(tea: ServerHarness) -> None:
    await tea.account("root", role="admin")
    await arrive(tea, "root")
    await tea.ask("root", "HUBBUB rename room tea coffee")
    assert tea.node.state.room_named("coffee")
    (line,) = await lines(tea, "LATEST #coffee * 1")
    assert line.endswith(" :ann!ann@local PRIVMSG #coffee :9")


async def test_a_conversation(tea: ServerHarness) -> None:
    """ "the server SHOULD include history sent between the current user and the target nickname, including outgoing
    messages" """
    await tea.ask("ann", "PRIVMSG bob :hello")
    await tea.ask("bob", "PRIVMSG ann :hi")
    await tea.ask("eve", "PRIVMSG ann :pst")
    texts = [line.split(" ", 1)[1] for line in await lines(tea, "LATEST BOB * 9")]
    assert texts == [":ann!ann@local PRIVMSG bob :hello", ":bob!bob@local PRIVMSG ann :hi"]
    assert await said(tea, "LATEST ann * 9", "bob") == "hello hi"
    assert await said(tea, "LATEST bob * 9", "eve") == ""
    assert await said(tea, "LATEST eve * 9") == "pst"
    await depart(tea, "bob")
    assert await said(tea, "LATEST bob * 9") == "hello hi", "bob is away"


async def test_other_nicknames(tea: ServerHarness) -> None:
    """ "attempt to include history involving other nicknames if either … has changed" """
    await tea.ask("bob", "NICK robert")
    await tea.ask("ann", "PRIVMSG robert :hello")
    await tea.ask("bob", "NICK bobby")
    (line,) = await lines(tea, "LATEST bobby * 9")
    assert line.endswith(" :ann!ann@local PRIVMSG bobby :hello")


async def test_somebody_who_has_left(tea: ServerHarness) -> None:
    await tea.ask("eve", "PRIVMSG ann :pst")
    await depart(tea, "eve")
    assert await said(tea, "LATEST EVE * 9") == "pst"
    # Another eve, another conversation.
    await tea.irc("eve", CAPS)
    assert await said(tea, "LATEST eve * 9") == ""
    assert await said(tea, "LATEST ann * 9", "eve") == ""


async def test_what_the_server_said(tea: ServerHarness) -> None:
    await depart(tea, "bob")
    await tea.ask("ann", "JOIN #cake")
    await tea.ask("ann", "INVITE bob #cake")
    await arrive(tea, "bob", CAPS)
    (line,) = await lines(tea, "LATEST hubbub * 9", "bob")
    assert line.endswith(" NOTICE bob :ann invites you to the room cake.")


async def targets(harness: ServerHarness, query: str, name: str = "ann") -> list[str]:
    """Each line in the batch that answers; a batch without the tag of the last one begins with `...`."""
    first, *inside, _ = await harness.ask(name, f"CHATHISTORY TARGETS {query}")
    is_all = END in first
    first = first.replace(f"@{END} ", "")
    reference = first.split("+")[1].split()[0]
    assert first == f"{name} < :hubbub BATCH +{reference} draft/chathistory-targets"
    head = f"{name} < @batch={reference} :hubbub CHATHISTORY TARGETS "
    assert all(line.startswith(head) for line in inside)
    return [*([] if is_all else ["..."]), *(line.removeprefix(head) for line in inside)]


async def test_where_there_is_history(tea: ServerHarness) -> None:
    """ "ordered by the time of the latest message", "counted starting from … the first message selector" """
    tea.now_ms = START_MS + 5 * MINUTE
    tea.wait(60 * 10)
    await tea.ask("bob", "PRIVMSG ann :pst")
    tea.wait(60)
    await tea.ask("ann", "JOIN #cake")
    await tea.ask("ann", "PRIVMSG #cake :crumbs")
    tea_at, bob_at, cake_at = (
        f"{name} {format_time(START_MS + minute * MINUTE)}"
        for name, minute in (("#tea", 9), ("bob", 15), ("#cake", 16))
    )
    assert await targets(tea, f"{at(0)} {at(99)} 9") == [tea_at, bob_at, cake_at]
    assert await targets(tea, f"{at(99)} {at(0)} 9") == [tea_at, bob_at, cake_at]
    assert await targets(tea, f"{at(0)} {at(99)} 2") == ["...", tea_at, bob_at]
    assert await targets(tea, f"{at(99)} {at(0)} 2") == ["...", bob_at, cake_at]
    # "a target is not returned if its latest message is outside of the selection parameters"
    assert await targets(tea, f"{at(0)} {at(9)} 9") == []
    assert await targets(tea, f"{at(9)} {at(15)} 9") == []
    assert await targets(tea, f"{at(8.9)} {at(15.1)} 9") == [tea_at, bob_at]
    await tea.ask("ann", "CAP REQ -batch")
    assert await tea.ask("ann", f"CHATHISTORY TARGETS {at(8)} {at(10)} 9") == [
        f"ann < :hubbub CHATHISTORY TARGETS {tea_at}"
    ]


@pytest.mark.parametrize("limit", [1, 2, 3, 4])
async def test_targets_by_time_leave_nothing_out(tea: ServerHarness, limit: int) -> None:
    """A page of them ends with a whole millisecond, in either direction."""
    names = ["cat", "dan", "eli", "fay", "gus"]
    for number, name in enumerate(names):
        await tea.irc(name)
        tea.now_ms = START_MS + (20 if number in (0, 1, 2) else 21) * MINUTE
        await tea.ask(name, "PRIVMSG ann :pst")
    for start, end in ((at(10), at(99)), (at(99), at(10))):
        found: list[str] = []
        while page := [line for line in await targets(tea, f"{start} {end} {limit}") if line != "..."]:
            found += [line.split()[0] for line in page]
            start = "timestamp=" + page[-1 if start < end else 0].split()[1]
        assert sorted(found) == names


async def test_targets_that_are_gone(tea: ServerHarness) -> None:
    await tea.ask("eve", "PRIVMSG ann :pst")
    await tea.ask("ann", "PART #tea")
    await depart(tea, "eve")
    (eve,) = await targets(tea, f"{at(0)} {at(99)} 9")
    assert eve.startswith("eve ")
    await tea.irc("eve")
    assert await targets(tea, f"{at(0)} {at(99)} 9") == [], "this is another eve"
