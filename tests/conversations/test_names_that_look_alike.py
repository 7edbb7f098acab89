"""Names that look like another's, or speak for the server: refused at every door; what is there already stays."""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from hubbub.admin.interpreter import run
from hubbub.engine.names import Nick, RoomName
from hubbub.engine.rooms import RoomCreated
from hubbub.engine.state import Access, History
from hubbub.node.admin_context import ConsoleContext
from hubbub.transports.base import WireProtocol
from tests.server_harness import ServerHarness, told

ANY_LETTERS = {
    "accounts.name_pattern": r"^\w{3,20}$",
    "accounts.name_rule": "3 to 20 letters of any language",
}


@pytest.fixture
async def harness(tmp_path: Path) -> AsyncIterator[ServerHarness]:
    async with ServerHarness(tmp_path, {"limits.lines_a_second": 0}) as harness:
        yield harness


async def _console(harness: ServerHarness, line: str) -> tuple[bool, list[str]]:
    result = await run(ConsoleContext(harness.node), line)
    return result.ok, list(result.lines)


def _rooms(harness: ServerHarness) -> set[str]:
    return {room.name.text for room in harness.node.state.rooms.values()}


# Rooms

ALIKE = ["#GénéraI", "#Généra1", "#Géne\u0301rаl", "#\u0261énéral"]


@pytest.mark.parametrize("name", ALIKE)
async def test_no_room_is_made_or_renamed_beside_one_that_it_looks_like(
    harness: ServerHarness, name: str
) -> None:
    await harness.irc("ann")
    await harness.ask("ann", "JOIN #tea")
    before = _rooms(harness)
    (line,) = await harness.ask("ann", f"JOIN {name}")
    assert " 476 ann " in line
    (line,) = await harness.ask("ann", f"RENAME #tea {name}")
    assert " FAIL RENAME CANNOT_RENAME " in line
    assert not (await _console(harness, f"add room {name[1:]}"))[0]
    assert not (await _console(harness, f"rename room tea {name[1:]}"))[0]
    assert _rooms(harness) == before


async def test_the_refusal_names_a_room_that_one_may_know(harness: ServerHarness) -> None:
    await harness.irc("ann")
    assert await harness.ask("ann", "JOIN #Généra1") == [
        (
            "ann < :hubbub 476 ann #Généra1 :This name looks too similar to the room Général. Join that "
            "room, or choose another name."
        )
    ]


@pytest.mark.parametrize("name", ["#GÉNÉRAL", "#gÉnéral", "#Ｇénéral", "#Général\ufe0f", "#Géné\u034fral"])
async def test_another_spelling_leads_to_the_room_that_is_meant(harness: ServerHarness, name: str) -> None:
    """In case, width and style alone: on the wire only A to Z are folded, as CASEMAPPING says."""
    await harness.irc("ann")
    lines = told(await harness.ask("ann", f"JOIN {name}"), "ann")
    assert lines[0] == f":hubbub 470 ann {name} #Général :The channel name is spelled this way"
    assert lines[1] == ":ann!ann@local JOIN #Général"
    assert len(_rooms(harness)) == 5
    bob = await harness.netcat("bob")
    bob.type("/leave")
    assert "bob < You are in the room Général." in await harness.ask("bob", f"/join {name}")


async def test_rooms_are_added_all_or_none(harness: ServerHarness) -> None:
    for names in ("tea,tеa", "tea,GénéraI", "tea,\ufe0f", "tea,Général"):
        assert not (await _console(harness, f"add room {names}"))[0], names
        assert "tea" not in _rooms(harness)
    assert (await _console(harness, "add room \u2764\ufe0f"))[0]
    assert not (await _console(harness, "rename room \u2764 \ufe0f"))[0]


async def test_an_emoji_is_a_name_however_the_keyboard_wrote_it(harness: ServerHarness) -> None:
    await harness.irc("ann")
    lines = told(await harness.ask("ann", "JOIN #\u2764\ufe0f"), "ann")
    assert lines[1] == ":ann!ann@local JOIN #\u2764"
    await harness.irc("bob")
    assert "bob < :bob!bob@local JOIN #\u2764" in await harness.ask("bob", "JOIN #\u2764")


@pytest.mark.parametrize("name", ["\u3164", "a\u3164", "\u2800", "te\u034fa", "\u0301tea", "\u115f\u1160"])
async def test_what_is_not_seen_is_in_no_name(harness: ServerHarness, name: str) -> None:
    await harness.irc("ann")
    (line,) = await harness.ask("ann", f"JOIN #{name}")
    assert line.startswith(f"ann < :hubbub 476 ann #{name} :This room name can't be used.")
    assert "invisible characters" in line


async def test_rooms_that_clash_already_keep_working(harness: ServerHarness) -> None:
    """Also after a restart: an older server has let them be made."""
    for name in ("École", "école", "te\u034fa", "tea"):
        number = harness.node.clock.last_id + 1
        made = RoomCreated(number, number, RoomName.known(name), Access.OPEN, False, History.ALL, kept=True)
        harness.node._happen(made, None, "")
    for _ in range(2):
        await harness.settle()
        await harness.irc("ann")
        for name in ("École", "école", "te\u034fa", "tea"):
            lines = told(await harness.ask("ann", f"JOIN #{name}\nPRIVMSG #{name} :hello"), "ann")
            assert lines[0] == f":ann!ann@local JOIN #{name}"
            assert not any(" 40" in line for line in lines)
        await harness.restart()
    assert (await _console(harness, "rename room école school"))[0]
    assert (await _console(harness, "delete room École"))[0]
    assert (await _console(harness, "add room ÉCOLE"))[0], "nothing looks like it any more"


# Names of people

Door = Callable[[ServerHarness, str], Awaitable[str]]


async def _as_irc_guest(harness: ServerHarness, name: str) -> str:
    harness.connect("eve").type(f"NICK {name}\nUSER eve 0 * :Eve")
    return _answer(await harness.look())


async def _by_nick(harness: ServerHarness, name: str) -> str:
    await harness.irc("eve")
    return _answer(await harness.ask("eve", f"NICK {name}"))


async def _as_netcat_guest(harness: ServerHarness, name: str) -> str:
    harness.connect("eve", WireProtocol.NETCAT).type(name)
    return _answer(await harness.look())


async def _by_netcat_nick(harness: ServerHarness, name: str) -> str:
    await harness.netcat("eve")
    return _answer(await harness.ask("eve", f"/nick {name}"))


async def _by_netcat_register(harness: ServerHarness, name: str) -> str:
    await harness.netcat("eve")
    return _answer(await harness.ask("eve", f"register {name} correct horse"))


async def _by_register(harness: ServerHarness, name: str) -> str:
    await harness.irc("eve", "draft/account-registration")
    return _answer(await harness.ask("eve", f"REGISTER {name} * :correct horse"))


async def _by_register_before(harness: ServerHarness, name: str) -> str:
    harness.connect("eve").type(
        f"CAP REQ :draft/account-registration\nNICK {name}\nUSER eve 0 * :Eve\nREGISTER * * :correct horse"
    )
    return _answer(await harness.look())


DOORS: dict[str, Door] = {
    "a guest by IRC": _as_irc_guest,
    "NICK": _by_nick,
    "a guest by netcat": _as_netcat_guest,
    "/nick": _by_netcat_nick,
    "netcat's register": _by_netcat_register,
    "REGISTER": _by_register,
    "REGISTER before coming in": _by_register_before,
}


def _answer(lines: list[str]) -> str:
    return "\n".join(told(lines, "eve"))


RESERVED = (
    "admin", "Administrator", "root", "SYSTEM", "server", "hubbub", "console", "OperServ", "MemoServ", "NickServ",
    "ChanServ", "HostServ", "BotServ", "Global", "everyone", "here", "all", "channel", "moderator", "support",
    "security", "adrnin", "adm1n", "r00t", "NickSerν", "aII", "АDMIN", "ADMlN", "hеre",
)  # fmt: skip


@pytest.mark.parametrize("door", DOORS)
async def test_names_that_speak_for_the_server_are_nobodys(tmp_path: Path, door: str) -> None:
    async with ServerHarness(tmp_path, {**ANY_LETTERS, "limits.accounts_an_address_a_day": 0}) as harness:
        for name in RESERVED:
            answer = await DOORS[door](harness, name)
            assert f"The name {name} is reserved. Choose another one." in answer, name
            harness.people.pop("eve").hang_up()
            await harness.settle()
        assert not harness.node.state.accounts
        assert not any(name in harness.node.state.nicks for name in RESERVED)


@pytest.mark.parametrize("door", DOORS)
async def test_nobody_takes_a_name_that_looks_like_anothers(tmp_path: Path, door: str) -> None:
    """Of an account, present or not, or of a guest."""
    async with ServerHarness(tmp_path, {**ANY_LETTERS, "limits.accounts_an_address_a_day": 0}) as harness:
        await harness.account("paul")
        await harness.irc("bobby")
        for name, other in (
            ("PauI", "paul"),
            ("pau1", "paul"),
            ("pаul", ""),
            ("b0bby", "bobby"),
        ):
            answer = await DOORS[door](harness, name)
            expected = f"This name looks too similar to {other}." if other else "This name mixes"
            assert expected in answer, name
            harness.people.pop("eve").hang_up()
            await harness.settle()
        assert set(harness.node.state.account_names) == {"paul"}


async def test_further_names_are_a_setting(tmp_path: Path) -> None:
    async with ServerHarness(tmp_path, {"accounts.reserved_names": ("headmaster",)}) as harness:
        for name in ("HeadMaster", "headrnaster"):
            assert "is reserved" in await _as_irc_guest(harness, name)
            harness.people.pop("eve").hang_up()


async def test_an_administrator_gives_titles_and_who_has_one_comes_in(harness: ServerHarness) -> None:
    """As `hubbub admin create-admin admin` and the console do; what speaks for the server stays nobody's."""
    await harness.account("admin", role="admin")
    assert (await _console(harness, "add account support"))[0]
    assert not (await _console(harness, "add account MemoServ"))[0]
    for _ in range(2):
        harness.connect("eve").type("PASS :admin:correct horse\nNICK admin\nUSER eve 0 * :Eve")
        assert any(" 001 admin " in line for line in told(await harness.look(), "eve"))
        assert "eve < :admin!eve@local NICK Admin" in await harness.ask("eve", "NICK Admin")
        assert "433" in (await _second(harness, "admin")), "nobody else is called so"
        await harness.restart()


async def _second(harness: ServerHarness, name: str) -> str:
    harness.connect("mallory").type(f"NICK {name}\nUSER mallory 0 * :M")
    return "\n".join(told(await harness.look(), "mallory"))


async def test_the_first_administrator_may_be_called_admin(harness: ServerHarness) -> None:
    """By the invitation that the server gives at its start, before coming in, as the page does."""
    code = harness.node.first_invitation.code()
    harness.connect("eve").type(
        "CAP REQ :draft/account-registration hubbub/invitation\nNICK admin\nUSER eve 0 * :Eve\n"
        f"INVITATION {code}\nREGISTER * * :correct horse\nCAP END"
    )
    lines = told(await harness.look(), "eve")
    assert any(" REGISTER SUCCESS admin " in line for line in lines)
    assert any(" 001 admin " in line for line in lines)


async def test_accounts_that_clash_already_keep_working(harness: ServerHarness) -> None:
    """An older server has let them be made."""
    from hubbub.engine.accounts import AccountRegistered
    from hubbub.engine.state import Role

    names = ("paul", "PauI", "MemoServ", "everyone")
    for name in names:
        number = harness.node.clock.last_id + 1
        credential = harness.node.proofs.passwords.make("correct horse")
        harness.node._happen(AccountRegistered(number, number, name, credential, Role.MEMBER, True), None, "")
    for _ in range(2):
        for name in names:
            harness.connect(name).type(f"PASS :{name}:correct horse\nNICK {name}\nUSER x 0 * :X")
            assert any(f" 001 {name} " in line for line in told(await harness.look(), name)), name
        await harness.restart()


async def test_a_program_does_not_speak_under_a_name_like_anothers(harness: ServerHarness) -> None:
    await harness.account("paul")
    from hubbub.engine.state import Webhook
    from hubbub.engine.webhooks import _called

    hook = Webhook(1, "build", 1, "ann", "", "", "", 0)
    for wanted in ("PauI", "admin", "adm1n", "NickServ"):
        assert _called(harness.node.state, hook, wanted) == "build"
    assert _called(harness.node.state, hook, "Deploy") == "Deploy"


async def test_looks_are_loaded_as_they_were(harness: ServerHarness) -> None:
    await harness.account("Paul")
    await harness.irc("ann")
    await harness.ask("ann", "JOIN #tea\nJOIN #Café")
    await _console(harness, "add room Thé")
    await _console(harness, "rename room Thé Tisane")
    await _console(harness, "set room Tisane listed no")
    assert harness.node.state.census.secret_rooms == 1
    await harness.restart()
    state = harness.node.state
    assert state.census.secret_rooms == 1
    assert set(state.room_looks.values()) == set(state.rooms)
    assert state.account_looks.like("PauI") == [state.account_names["paul"]]
    assert not state.nick_looks and Nick.known("Paul").key in state.account_names


@pytest.mark.parametrize(
    "name",
    [
        *("PauI", "pau1", "рaul", "admin", "Adm1n", "NickServ", "bobby", "b0bby"),
        # What clients show of these is no more than the name.
        *(
            "paul ",
            " paul",
            "paul\xa0",
            "pa\u200aul",
            "pa\u3000ul",
            "pa\x02ul",
            "ad\x1fmin",
            "\x01paul\x01",
            "b\x03obby",
        ),
    ],
)
async def test_nobody_is_shown_by_the_name_of_another(harness: ServerHarness, name: str) -> None:
    """Clients show `display-name` in the place of the nickname; it may be set before one comes in, too."""
    await harness.account("paul")
    await harness.irc("bobby")
    await harness.irc("eve", "draft/metadata-2")
    (line,) = await harness.ask("eve", f"METADATA * SET display-name :{name}")
    assert line == (
        "eve < :hubbub FAIL METADATA VALUE_INVALID "
        ":This display name is taken or reserved. Choose another one."
    )
    assert "761" in (await harness.ask("eve", "METADATA * SET display-name :Eve Adams"))[0]
    harness.connect("mallory").type(
        f"CAP REQ :draft/metadata-2\nMETADATA * SET display-name :{name}\nNICK mallory\nUSER m 0 * :M\nCAP END"
    )
    await harness.look()
    user = harness.node.state.user_named("mallory")
    assert user is not None and not user.metadata
    assert "761" in (await harness.ask("mallory", "METADATA * SET display-name :Mallory"))[0]
    await harness.ask("mallory", "METADATA * SET display-name : \x02Mal \x1flory ")
    assert user.metadata == {"display-name": "Mal lory"}
