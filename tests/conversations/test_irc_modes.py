"""MODE: a room's modes and lists, and one's own."""

import pytest

from hubbub.engine.modes import ChangeModes, ModeArgumentWrong, ModeChange
from hubbub.engine.names import RoomName
from tests.server_harness import ServerHarness
from tests.sign_in import arrive

MADE = "1795000000"


@pytest.fixture
async def tea(harness: ServerHarness) -> ServerHarness:
    """Ann is #tea's operator, bob a member, eve is not in it."""
    for name in ("ann", "bob", "eve"):
        await harness.irc(name)
    for name in ("ann", "bob"):
        await harness.ask(name, "JOIN #tea")
    return harness


async def test_what_a_room_is_like(tea: ServerHarness) -> None:
    assert await tea.ask("eve", "MODE #TEA") == [
        "eve < :hubbub 324 eve #tea +nt",
        f"eve < :hubbub 329 eve #tea {MADE}",
    ]
    await tea.ask("ann", "MODE #tea +kl sesame 7")
    for text in ("MODE #tea", "MODE #tea :"):
        assert (await tea.ask("bob", text))[0] == "bob < :hubbub 324 bob #tea +ntkl sesame 7"
    # "Servers MAY choose to hide sensitive information such as channel keys"
    assert (await tea.ask("eve", "MODE #tea"))[0] == "eve < :hubbub 324 eve #tea +ntkl * 7"


async def test_private_messages_only_from_accounts(harness: ServerHarness) -> None:
    """The user mode R, as Ergo and InspIRCd have it; it holds while its user is present."""
    await arrive(harness, "ann")
    await arrive(harness, "bob")
    caps = "batch message-tags echo-message hubbub/edit"
    await harness.irc("eve", caps)
    (said,) = [line for line in await harness.ask("eve", "PRIVMSG ann :early") if line.startswith("eve")]
    msgid = said.split("msgid=")[1].split(" ")[0].split(";")[0]
    assert await harness.ask("ann", "MODE ann +R") == ["ann < :ann MODE ann +R"]
    why = "ann accepts private messages only from people with an account. Log in first."
    for line in ("PRIVMSG ann :hi", "@+typing=active TAGMSG ann", f"EDIT ann {msgid} :late"):
        assert await harness.ask("eve", line) == [f"eve < :hubbub 477 eve ann :{why}"]
    assert await harness.ask("eve", "NOTICE ann :hi") == [], "nothing is answered to a NOTICE"
    assert await harness.ask("bob", "PRIVMSG ann :hi") == ["ann < :bob!bob@local PRIVMSG ann :hi"]
    assert await harness.ask("ann", "PRIVMSG eve :hi")
    await harness.ask("eve", "MODE eve +R")
    assert await harness.ask("eve", "PRIVMSG eve :to myself")
    await harness.netcat("zed")
    assert await harness.ask("zed", "@ann hi") == [f"zed < {why}"]
    await harness.ask("ann", "MODE ann -R")
    assert len(await harness.ask("eve", "PRIVMSG ann :hi")) == 2


async def test_changes_are_shown_to_the_room(tea: ServerHarness) -> None:
    seen = ":ann!ann@local MODE #tea +mv-t+b bob *!*@bad.example"
    assert await tea.ask("ann", "MODE #tea +mv-t+b bob *.bad.example") == [
        f"ann < {seen.replace('@bad', '@*.bad')}",
        f"bob < {seen.replace('@bad', '@*.bad')}",
    ]
    assert (await tea.ask("bob", "MODE #tea"))[0] == "bob < :hubbub 324 bob #tea +mn"
    assert await tea.ask("ann", "MODE #tea +m") == [], "it was so before"


async def test_members_change_nothing(tea: ServerHarness) -> None:
    assert await tea.ask("bob", "MODE #tea +m") == ["bob < :hubbub 482 bob #tea :You're not channel operator"]
    assert await tea.ask("eve", "MODE #tea +m") == ["eve < :hubbub 442 eve #tea :You're not on that channel"]
    assert (await tea.ask("eve", "MODE #tea"))[0] == "eve < :hubbub 324 eve #tea +nt"


@pytest.mark.parametrize(
    ("letter", "entry", "end", "what"),
    [
        ("b", "367", "368", "channel ban list"),
        ("e", "348", "349", "channel exception list"),
        ("I", "346", "347", "channel invite exception list"),
    ],
)
async def test_lists(tea: ServerHarness, letter: str, entry: str, end: str, what: str) -> None:
    """ "If a type A mode has been sent without an argument, the contents of the list MUST be sent to the user" """
    await tea.ask("ann", f"MODE #tea +{letter}{letter} zed *!*@*.example")
    ending = f"bob < :hubbub {end} bob #tea :End of {what}"
    shown = [
        f"bob < :hubbub {entry} bob #tea zed!*@* ann!ann@local {MADE}",
        f"bob < :hubbub {entry} bob #tea *!*@*.example ann!ann@local {MADE}",
        ending,
    ]
    for text in (letter, f"+{letter}", f"-{letter}{letter}", f"+{letter} :"):
        assert await tea.ask("bob", f"MODE #tea {text}") == shown
    await tea.ask("ann", f"MODE #tea -{letter}{letter} zed *!*@*.example")
    assert await tea.ask("bob", f"MODE #tea {letter}") == [ending]
    assert await tea.ask("eve", f"MODE #tea {letter}") == [
        "eve < :hubbub 442 eve #tea :You're not on that channel"
    ]


async def test_a_list_and_a_change_in_one(tea: ServerHarness) -> None:
    assert await tea.ask("ann", "MODE #tea b+m") == [
        "ann < :hubbub 368 ann #tea :End of channel ban list",
        "ann < :ann!ann@local MODE #tea +m",
        "bob < :ann!ann@local MODE #tea +m",
    ]


async def test_a_missing_parameter(tea: ServerHarness) -> None:
    """ "If a type B or C mode does not have a parameter when being set, the server MUST ignore that mode." """
    assert await tea.ask("ann", "MODE #tea +kmlo sesame") == [
        "ann < :hubbub 696 ann #tea l * :Mode l needs a parameter.",
        "ann < :hubbub 696 ann #tea o * :Mode o needs a parameter.",
        "ann < :ann!ann@local MODE #tea +km sesame",
        "bob < :ann!ann@local MODE #tea +km sesame",
    ]
    assert await tea.ask("ann", "MODE #tea -k") == [
        "ann < :ann!ann@local MODE #tea -k *",
        "bob < :ann!ann@local MODE #tea -k *",
    ]
    lacking = [f"ann < :hubbub 696 ann #tea {letter} * :Mode {letter} needs a parameter." for letter in "ov"]
    assert await tea.ask("ann", f"MODE #tea {'ov' * 200}") == lacking
    assert await tea.ask("ann", f"MODE #tea {'ov' * 200} :") == lacking


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("+x", "472 ann x :is unknown mode char to me"),
        ("+é", "472 ann é :is unknown mode char to me"),
        ("+o zed", "401 ann zed :No such nick/channel"),
        ("+o eve", "441 ann eve #tea :They aren't on that channel"),
        ("+l many", "696 ann #tea l many :a limit is a number from 1 to 1000000"),
        ("+l 0", "696 ann #tea l 0 :a limit is a number from 1 to 1000000"),
        ("+l 1000001", "696 ann #tea l 1000001 :a limit is a number from 1 to 1000000"),
        ("+l 00000012x", "696 ann #tea l 00000012x :a limit is a number from 1 to 1000000"),
        ("+l \u0663", "696 ann #tea l \u0663 :a limit is a number from 1 to 1000000"),
        (f"+l {'x' * 30}", f"696 ann #tea l {'x' * 20} :a limit is a number from 1 to 1000000"),
        ("+k a,b", "696 ann #tea k * :a key has 1 to 23 bytes, without spaces and commas"),
        ("+k a\x02b", "696 ann #tea k * :a key has 1 to 23 bytes, without spaces and commas"),
        (f"+k {'x' * 24}", "696 ann #tea k * :a key has 1 to 23 bytes, without spaces and commas"),
        ("+b ~x:bob", "696 ann #tea b ~x:bob :an extended ban is ~account:NAME, ~mute:MASK or"),
        (f"+b ~x:{'b' * 80}", f"696 ann #tea b ~x:{'b' * 57} :an extended ban is"),
        ("+b a\x02b", "696 ann #tea b a\x02b!*@* :a mask has at most 200 bytes, without spaces"),
        (f"+e {'b' * 197}", f"696 ann #tea e {'b' * 60} :a mask has at most 200 bytes, without spaces"),
        (f"+I {'b' * 80}!*@192.0.2.7", f"696 ann #tea I {'b' * 60} :this server hides addresses"),
        (f"+I ~m:{'b' * 80}", f"696 ann #tea I ~mute:{'b' * 54} :a mute can't be an invitation exception"),
        (
            "+m-n+k ::x",
            "696 ann #tea k * :The parameter of mode k can't contain spaces or begin with a colon.",
        ),
        ("+mb :a b", "696 ann #tea b * :The parameter of mode b can't contain spaces or begin with a colon."),
        ("+mx", "472 ann x :is unknown mode char to me"),
        ("m+", "482"),
    ],
)
async def test_what_can_not_be_changes_nothing(tea: ServerHarness, text: str, answer: str) -> None:
    name = "bob" if answer == "482" else "ann"
    (line,) = await tea.ask(name, f"MODE #tea {text}")
    assert line.startswith(f"{name} < :hubbub {answer}")
    assert (await tea.ask("ann", "MODE #tea"))[0] == "ann < :hubbub 324 ann #tea +nt"


async def test_the_longest_there_may_be(tea: ServerHarness) -> None:
    for change in ("+l 1000000", f"+k {'x' * 23}", f"+b {'b' * 196}!*@*"):
        seen = f":ann!ann@local MODE #tea {change}"
        assert await tea.ask("ann", f"MODE #tea {change}") == [f"ann < {seen}", f"bob < {seen}"]


@pytest.mark.parametrize("letter", ["k", "b"])
async def test_a_space_is_refused_by_whatever_way_it_comes(tea: ServerHarness, letter: str) -> None:
    """No line shows it within a parameter; IRC's own reading lets none come as far as here."""
    ann = tea.node.live[min(tea.node.live)]
    answer = tea.node.ask(ChangeModes(RoomName.known("tea"), (ModeChange(True, letter, "a b"),)), ann)
    assert isinstance(answer, ModeArgumentWrong)


async def test_a_list_without_a_limit(tea: ServerHarness) -> None:
    tea.change("limits", room_list_entries=0)
    assert (await tea.ask("ann", "MODE #tea +b x"))[0] == "ann < :ann!ann@local MODE #tea +b x!*@*"


async def test_twelve_changes_with_a_parameter(tea: ServerHarness) -> None:
    masks = [f"user{number}" for number in range(13)]
    (line,) = await tea.ask("ann", f"MODE #tea +{'b' * 13} {' '.join(masks)}")
    assert line == (
        "ann < :hubbub 400 ann MODE "
        ":One command can change at most 12 modes with a parameter. Send the rest in another command."
    )
    assert len(await tea.ask("ann", "MODE #tea b")) == 1
    await tea.ask("ann", f"MODE #tea +{'b' * 12} {' '.join(masks[:12])}")
    assert len(await tea.ask("ann", "MODE #tea b")) == 13


async def test_secret_rooms_do_not_leak(tea: ServerHarness) -> None:
    await tea.ask("ann", "MODE #tea +s")
    for text in ("", " b", " +m", " +b x", " :"):
        assert await tea.ask("eve", f"MODE #tea{text}") == ["eve < :hubbub 403 eve #tea :No such channel"]
    assert await tea.ask("eve", "NAMES #tea") == ["eve < :hubbub 366 eve #tea :End of /NAMES list"]
    assert await tea.ask("eve", "TOPIC #tea") == ["eve < :hubbub 403 eve #tea :No such channel"]
    assert await tea.ask("eve", "MODE #nowhere") == ["eve < :hubbub 403 eve #nowhere :No such channel"]


async def test_ones_own_modes(harness: ServerHarness) -> None:
    await harness.irc("ann")
    assert await harness.ask("ann", "MODE ANN") == ["ann < :hubbub 221 ann +"]
    assert await harness.ask("ann", "MODE ann +iw") == ["ann < :ann MODE ann +iw"]
    assert await harness.ask("ann", "MODE ann") == ["ann < :hubbub 221 ann +iw"]
    assert await harness.ask("ann", "MODE ann -w+i") == ["ann < :ann MODE ann -w"]
    assert await harness.ask("ann", "MODE ann +i-i") == ["ann < :ann MODE ann -i"], "the last counts"


async def test_unknown_modes_of_ones_own(harness: ServerHarness) -> None:
    """ "the server MUST apply the modes that are implemented, and then send the ERR_UMODEUNKNOWNFLAG" """
    await harness.irc("ann")
    assert await harness.ask("ann", "MODE ann +xi?") == [
        "ann < :ann MODE ann +i",
        "ann < :hubbub 501 ann :Unknown MODE flag",
    ]


async def test_nobody_makes_themselves_an_operator(harness: ServerHarness) -> None:
    await harness.irc("ann")
    assert await harness.ask("ann", "MODE ann +o") == []
    assert await harness.ask("ann", "MODE ann") == ["ann < :hubbub 221 ann +"]
    await harness.account("root", role="admin")
    await arrive(harness, "root")
    assert await harness.ask("root", "MODE root") == ["root < :hubbub 221 root +o"]
    assert await harness.ask("root", "MODE root -o") == ["root < :root MODE root -o"]


async def test_others_modes(harness: ServerHarness) -> None:
    await harness.irc("ann")
    await harness.irc("bob")
    for text in ("MODE bob", "MODE bob +i"):
        assert await harness.ask("ann", text) == ["ann < :hubbub 502 ann :Cant change mode for other users"]
    assert await harness.ask("ann", "MODE zed") == ["ann < :hubbub 401 ann zed :No such nick/channel"]
    assert await harness.ask("ann", "MODE :") == ["ann < :hubbub 401 ann * :No such nick/channel"]
    assert await harness.ask("ann", "MODE") == ["ann < :hubbub 461 ann MODE :Not enough parameters"]


@pytest.mark.parametrize(
    "mask", ["192.0.2.7", "*!*@192.0.2.*", "*!*@192.0.2.0/24", "*!*@2001:db8::1", "~m:::1"]
)
@pytest.mark.parametrize("letter", ["b", "e", "I"])
async def test_a_mask_for_an_address_would_be_for_nobody(tea: ServerHarness, letter: str, mask: str) -> None:
    """Others see a cloak in its place, so it is refused, and what to write instead is said."""
    (line,) = await tea.ask("ann", f"MODE #tea +{letter} {mask}")
    assert line.startswith(f"ann < :hubbub 696 ann #tea {letter} ")
    assert line.endswith("the mask would match nobody; write a nickname, or ~account:NAME")
    room = tea.node.state.room_named("tea")
    assert room is not None and not room.lists[letter]


async def test_changes_in_one_command_follow_each_other(tea: ServerHarness) -> None:
    """Each is judged by the room as the one before leaves it, and shown as it was made."""
    for text, shown in (
        ("+b-b x x", "+b-b x!*@* x!*@*"),
        ("+b-b+b x X x", "+b-b+b x!*@* x!*@* x!*@*"),
        ("-b+b x Y", "-b+b x!*@* Y!*@*"),
        ("-n+n", "-n+n"),
        ("+m-m", "+m-m"),
        ("+s-s", "+s-s"),
        ("+i-i", "+i-i"),
        ("+A-A", "+A-A"),
        ("+k-k x x", "+k-k x *"),
        ("+k-k+k x x y", "+k-k+k x * y"),
        ("-k+k * y", "-k+k * y"),
        ("+l-l 5", "+l-l 5"),
        ("+v-v bob bob", "+v-v bob bob"),
        ("+vv bob bob", "+v bob"),
        ("+mm-m", "+m-m"),
    ):
        expected = f":ann!ann@local MODE #tea {shown}"
        assert await tea.ask("ann", f"MODE #tea {text}") == [f"ann < {expected}", f"bob < {expected}"], text
    assert (await tea.ask("ann", "MODE #tea"))[0] == "ann < :hubbub 324 ann #tea +ntk y"
    assert (await tea.ask("ann", "MODE #tea b"))[0].endswith(f"367 ann #tea Y!*@* ann!ann@local {MADE}")
    assert tea.node.state.census.secret_rooms == 0


async def test_what_follows_is_there_after_a_restart(harness: ServerHarness) -> None:
    """What is stored is what was shown, change by change."""
    await harness.account("ann")
    await arrive(harness, "ann")
    await harness.ask("ann", "JOIN #tea")
    await harness.ask("ann", "MODE #tea -n+n+s-s+k-k+l-l+b-b+b x * 5 q Q z")
    await harness.ask("ann", "MODE #tea -o+o ann ann")
    await harness.restart()
    room = harness.node.state.room_named("tea")
    assert room is not None
    assert (sorted(room.flags), room.secret, room.key, room.limit) == (["n", "t"], False, None, None)
    assert list(room.lists["b"]) == ["z!*@*"]
    assert [member.modes for member in room.members.values()] == ["qo"]


@pytest.mark.parametrize(
    "text", ["-o+o ann ann", "-o+m ann", "-o+b ann x", "-o+v ann bob", "+o-o+v bob ann bob"]
)
async def test_nobody_uses_a_right_that_they_have_given_up(tea: ServerHarness, text: str) -> None:
    (line,) = await tea.ask("ann", f"MODE #tea {text}")
    assert line == "ann < :hubbub 482 ann #tea :You're not channel operator"
    assert (await tea.ask("ann", "NAMES #tea"))[0] == "ann < :hubbub 353 ann = #tea :@ann bob"
    assert (await tea.ask("ann", "MODE #tea"))[0] == "ann < :hubbub 324 ann #tea +nt"
    assert len(await tea.ask("ann", "MODE #tea b")) == 1


async def test_a_list_is_full_within_one_command(tea: ServerHarness) -> None:
    tea.change("limits", room_list_entries=3)
    (line,) = await tea.ask("ann", "MODE #tea +bbbb a b c d")
    assert line.startswith("ann < :hubbub 478 ann #tea d!*@* :")
    assert len(await tea.ask("ann", "MODE #tea b")) == 1, "nothing of it is made"
    shown = "+bbb-b+b a!*@* b!*@* c!*@* a!*@* d!*@*"
    assert (await tea.ask("ann", "MODE #tea +bbb-b+b a b c a d"))[0].endswith(f"MODE #tea {shown}")


@pytest.mark.parametrize("letter", ["b", "e", "I"])
async def test_masks_are_the_same_in_any_case(tea: ServerHarness, letter: str) -> None:
    """A list has one of them, and it is lifted as it stands there, so that clients find it on theirs."""
    await tea.ask("ann", f"MODE #tea +{letter} BAR!*@*")
    assert await tea.ask("ann", f"MODE #tea +{letter} bar!*@*") == []
    shown = f":ann!ann@local MODE #tea -{letter} BAR!*@*"
    assert await tea.ask("ann", f"MODE #tea -{letter} bar!*@*") == [f"ann < {shown}", f"bob < {shown}"]
    assert len(await tea.ask("ann", f"MODE #tea {letter}")) == 1
    await tea.ask("ann", f"MODE #tea +{letter} ~account:BAR")
    assert (await tea.ask("ann", f"MODE #tea -{letter} ~a:bar"))[0].endswith(f"-{letter} ~account:BAR")


async def test_masks_that_differ_by_more_than_case_are_others(tea: ServerHarness) -> None:
    await tea.ask("ann", "MODE #tea +b É!*@*")
    assert (await tea.ask("ann", "MODE #tea +b é!*@*"))[0].endswith("+b é!*@*")


async def test_an_exception_from_mutes_alone(tea: ServerHarness) -> None:
    await tea.ask("ann", "MODE #tea +b ~mute:*")
    assert (await tea.ask("bob", "PRIVMSG #tea :hi"))[0].endswith("you are muted in it.")
    await tea.ask("ann", "MODE #tea +e ~m:*!BOB@*")
    assert await tea.ask("bob", "PRIVMSG #tea :hi") == ["ann < :bob!bob@local PRIVMSG #tea :hi"]
    await tea.ask("ann", "MODE #tea +b bob")
    assert (await tea.ask("bob", "PRIVMSG #tea :hi"))[0].endswith("you are banned from it.")
    await tea.ask("ann", "MODE #tea -b+e bob bob")
    await tea.ask("ann", "MODE #tea -e+b ~mute:*!bob@* bob")
    assert await tea.ask("bob", "PRIVMSG #tea :hi") == ["ann < :bob!bob@local PRIVMSG #tea :hi"]


async def test_a_mute_is_no_way_in(tea: ServerHarness) -> None:
    (line,) = await tea.ask("ann", "MODE #tea +I ~mute:eve")
    assert line == (
        "ann < :hubbub 696 ann #tea I ~mute:eve!*@* :a mute can't be an invitation exception; write a mask, "
        "or ~account:NAME"
    )
    assert len(await tea.ask("ann", "MODE #tea I")) == 1
