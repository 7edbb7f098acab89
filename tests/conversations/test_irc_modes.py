"""MODE: a room's modes and lists, and one's own."""

import pytest

from tests.arrivals import arrive
from tests.house import House

MADE = "1795000000"


@pytest.fixture
async def tea(house: House) -> House:
    """Ann is #tea's operator, bob a member, eve is not in it."""
    for name in ("ann", "bob", "eve"):
        await house.irc(name)
    for name in ("ann", "bob"):
        await house.ask(name, "JOIN #tea")
    return house


async def test_what_a_room_is_like(tea: House) -> None:
    assert await tea.ask("eve", "MODE #TEA") == [
        "eve < :hubbub 324 eve #tea +nt",
        f"eve < :hubbub 329 eve #tea {MADE}",
    ]
    await tea.ask("ann", "MODE #tea +kl sesame 7")
    for text in ("MODE #tea", "MODE #tea :"):
        assert (await tea.ask("bob", text))[0] == "bob < :hubbub 324 bob #tea +ntkl sesame 7"
    # "Servers MAY choose to hide sensitive information such as channel keys"
    assert (await tea.ask("eve", "MODE #tea"))[0] == "eve < :hubbub 324 eve #tea +ntkl * 7"


async def test_changes_are_shown_to_the_room(tea: House) -> None:
    seen = ":ann!ann@local MODE #tea +mv-t+b bob *!*@bad.example"
    assert await tea.ask("ann", "MODE #tea +mv-t+b bob *.bad.example") == [
        f"ann < {seen.replace('@bad', '@*.bad')}",
        f"bob < {seen.replace('@bad', '@*.bad')}",
    ]
    assert (await tea.ask("bob", "MODE #tea"))[0] == "bob < :hubbub 324 bob #tea +mn"
    assert await tea.ask("ann", "MODE #tea +m") == [], "it was so before"


async def test_members_change_nothing(tea: House) -> None:
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
async def test_lists(tea: House, letter: str, entry: str, end: str, what: str) -> None:
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


async def test_a_list_and_a_change_in_one(tea: House) -> None:
    assert await tea.ask("ann", "MODE #tea b+m") == [
        "ann < :hubbub 368 ann #tea :End of channel ban list",
        "ann < :ann!ann@local MODE #tea +m",
        "bob < :ann!ann@local MODE #tea +m",
    ]


async def test_a_missing_parameter(tea: House) -> None:
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
        ("+k a,b", "696 ann #tea k * :a key has 1 to 23 bytes, without spaces and commas"),
        ("+m-n+k ::x", "696 ann #tea k * :The parameter of mode k has no spaces and no colon at its start."),
        ("+mb :a b", "696 ann #tea b * :The parameter of mode b has no spaces and no colon at its start."),
        ("+mx", "472 ann x :is unknown mode char to me"),
        ("m+", "482"),
    ],
)
async def test_what_can_not_be_changes_nothing(tea: House, text: str, answer: str) -> None:
    name = "bob" if answer == "482" else "ann"
    (line,) = await tea.ask(name, f"MODE #tea {text}")
    assert line.startswith(f"{name} < :hubbub {answer}")
    assert (await tea.ask("ann", "MODE #tea"))[0] == "ann < :hubbub 324 ann #tea +nt"


async def test_twelve_changes_with_a_parameter(tea: House) -> None:
    masks = [f"user{number}" for number in range(13)]
    (line,) = await tea.ask("ann", f"MODE #tea +{'b' * 13} {' '.join(masks)}")
    assert line == (
        "ann < :hubbub 400 ann MODE "
        ":One command changes at most 12 modes with a parameter. Send the rest in another one."
    )
    assert len(await tea.ask("ann", "MODE #tea b")) == 1
    await tea.ask("ann", f"MODE #tea +{'b' * 12} {' '.join(masks[:12])}")
    assert len(await tea.ask("ann", "MODE #tea b")) == 13


async def test_secret_rooms_do_not_leak(tea: House) -> None:
    await tea.ask("ann", "MODE #tea +s")
    for text in ("", " b", " +m", " +b x", " :"):
        assert await tea.ask("eve", f"MODE #tea{text}") == ["eve < :hubbub 403 eve #tea :No such channel"]
    assert await tea.ask("eve", "NAMES #tea") == ["eve < :hubbub 366 eve #tea :End of /NAMES list"]
    assert await tea.ask("eve", "TOPIC #tea") == ["eve < :hubbub 403 eve #tea :No such channel"]
    assert await tea.ask("eve", "MODE #nowhere") == ["eve < :hubbub 403 eve #nowhere :No such channel"]


async def test_ones_own_modes(house: House) -> None:
    await house.irc("ann")
    assert await house.ask("ann", "MODE ANN") == ["ann < :hubbub 221 ann +"]
    assert await house.ask("ann", "MODE ann +iw") == ["ann < :ann MODE ann +iw"]
    assert await house.ask("ann", "MODE ann") == ["ann < :hubbub 221 ann +iw"]
    assert await house.ask("ann", "MODE ann -w+i") == ["ann < :ann MODE ann -w"]
    assert await house.ask("ann", "MODE ann +i-i") == ["ann < :ann MODE ann -i"], "the last counts"


async def test_unknown_modes_of_ones_own(house: House) -> None:
    """ "the server MUST apply the modes that are implemented, and then send the ERR_UMODEUNKNOWNFLAG" """
    await house.irc("ann")
    assert await house.ask("ann", "MODE ann +xi?") == [
        "ann < :ann MODE ann +i",
        "ann < :hubbub 501 ann :Unknown MODE flag",
    ]


async def test_nobody_makes_themselves_an_operator(house: House) -> None:
    await house.irc("ann")
    assert await house.ask("ann", "MODE ann +o") == []
    assert await house.ask("ann", "MODE ann") == ["ann < :hubbub 221 ann +"]
    await house.account("root", role="admin")
    await arrive(house, "root")
    assert await house.ask("root", "MODE root") == ["root < :hubbub 221 root +o"]
    assert await house.ask("root", "MODE root -o") == ["root < :root MODE root -o"]


async def test_others_modes(house: House) -> None:
    await house.irc("ann")
    await house.irc("bob")
    for text in ("MODE bob", "MODE bob +i"):
        assert await house.ask("ann", text) == ["ann < :hubbub 502 ann :Cant change mode for other users"]
    assert await house.ask("ann", "MODE zed") == ["ann < :hubbub 401 ann zed :No such nick/channel"]
    assert await house.ask("ann", "MODE :") == ["ann < :hubbub 401 ann * :No such nick/channel"]
    assert await house.ask("ann", "MODE") == ["ann < :hubbub 461 ann MODE :Not enough parameters"]


@pytest.mark.parametrize(
    "mask", ["192.0.2.7", "*!*@192.0.2.*", "*!*@192.0.2.0/24", "*!*@2001:db8::1", "~m:::1"]
)
@pytest.mark.parametrize("letter", ["b", "e", "I"])
async def test_a_mask_for_an_address_would_be_for_nobody(tea: House, letter: str, mask: str) -> None:
    """Others see a cloak in its place, so it is refused, and what to write instead is said."""
    (line,) = await tea.ask("ann", f"MODE #tea +{letter} {mask}")
    assert line.startswith(f"ann < :hubbub 696 ann #tea {letter} ")
    assert line.endswith("it would be for nobody; write a nickname, or ~account:NAME")
    room = tea.node.state.room_named("tea")
    assert room is not None and not room.lists[letter]
