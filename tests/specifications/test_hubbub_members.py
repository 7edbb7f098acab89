"""hubbub/members: who belongs to a room and to the place, connected or not."""

import re
from collections.abc import Iterable
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from hubbub.dialects.irc import members as pages
from tests.server_harness import ServerHarness, told

CAPS = "hubbub/members batch account-tag"
TEA = "#tea"
START = "2026-11-18T11:06:40.000Z"


async def _come(
    harness: ServerHarness, name: str, account: str = "", caps: str = CAPS, nick: str = ""
) -> None:
    """Somebody signs in to an account and comes in."""
    account = account or name
    harness.connect(name).type(
        f"CAP REQ :{caps}\nPASS :{account}:correct horse\nNICK {nick or account}\nUSER x 0 * x\nCAP END"
    )
    await harness.look()


async def _ask(harness: ServerHarness, name: str, line: str) -> list[str]:
    """What somebody is answered, without the batch's reference."""
    lines = told(await harness.ask(name, line), name)
    return [
        re.sub(r"^@batch=b\d+;?|(?<=[+-])b\d+", "", line).replace(":hubbub ", "").strip() for line in lines
    ]


def _rows(lines: Iterable[str], verb: str) -> list[str]:
    return [line.partition(f"{verb} ")[2] for line in lines if f"{verb} " in line and "BATCH" not in line]


@pytest.fixture
async def tea(harness: ServerHarness) -> ServerHarness:
    """#tea is ann's, who is present; bob is its member and is not; gus is a guest in it."""
    for name in ("ann", "bob"):
        await harness.account(name, role="admin" if name == "ann" else "")
        await _come(harness, name)
        await harness.ask(name, f"JOIN {TEA}")
    harness.people["bob"].hang_up()
    await harness.irc("gus", CAPS)
    await harness.ask("gus", f"JOIN {TEA}")
    await harness.look()
    return harness


async def test_members_are_listed_connected_or_not(tea: ServerHarness) -> None:
    """ "sorted by rank, then by name" """
    assert await _ask(tea, "gus", "MEMBERS #TEA") == [
        "BATCH + hubbub/members #tea 3 *",
        "account=ann MEMBER #tea ann ~@ here admin * :",
        "account=bob MEMBER #tea bob * offline member * :",
        "MEMBER #tea gus * here guest * :",
        "BATCH -",
    ]
    assert told(await tea.ask("gus", "NAMES #tea"), "gus")[0].endswith(" 353 gus = #tea :~ann gus")


async def test_the_answer_has_the_label_of_the_question(tea: ServerHarness) -> None:
    await _come(tea, "ann2", "ann", f"{CAPS} labeled-response")
    first, *_, last = told(await tea.ask("ann2", "@label=x MEMBERS #tea"), "ann2")
    assert re.fullmatch(r"@label=x :hubbub BATCH \+b\d+ hubbub/members #tea 3 \*", first)
    assert last.startswith(":hubbub BATCH -b")


async def test_who_is_away_and_under_another_name(tea: ServerHarness) -> None:
    """ "`<name>` is the nickname of a member who is connected, otherwise the name of the account" """
    await _come(tea, "bob", nick="bobby")
    await tea.ask("bob", "AWAY :tea time")
    listed = await _ask(tea, "ann", "MEMBERS #tea")
    assert "account=bob MEMBER #tea bobby * away member * :" in listed


async def test_pages_follow_each_other(tea: ServerHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    """ "`<next>` is the cursor of the next page, or `*` after the last one" """
    monkeypatch.setattr(pages, "PAGE", 1)
    names, cursor = [], ""
    while cursor != "*":
        opening, row, _ = await _ask(tea, "ann", f"MEMBERS #tea {cursor}")
        assert opening.startswith("BATCH + hubbub/members #tea 3 ")
        cursor = opening.split()[-1]
        names.append(row.split("MEMBER #tea ")[1].split()[0])
        if len(names) == 1:
            await tea.irc("abe")
            await tea.ask("abe", "JOIN #tea\nPART #tea")  # who comes and goes moves nobody
    assert names == ["ann", "bob", "gus"]
    assert await _ask(tea, "ann", "MEMBERS #tea zzz") == ["BATCH + hubbub/members #tea 3 *", "BATCH -"]


async def test_a_page_ends_where_it_has_too_many_lines(
    tea: ServerHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    """ "fewer if the page would have more than 2,000 lines" """
    monkeypatch.setattr(pages, "PAGE_LINES", 2)
    opening, *rows, _ = await _ask(tea, "ann", "MEMBERS #tea")
    assert len(rows) == 2 and not opening.endswith("*")
    opening, *rows, _ = await _ask(tea, "ann", f"MEMBERS #tea {opening.split()[-1]}")
    assert len(rows) == 1 and opening.endswith("*")


@pytest.mark.parametrize("metadata", ["draft/metadata-2", "draft/metadata-3"])
async def test_metadata_follows_each_row(tea: ServerHarness, metadata: str) -> None:
    """ "each `MEMBER` line is followed by the member's values of these keys" """
    await _come(tea, "bob", caps=f"{CAPS} {metadata}")
    await tea.ask("bob", "METADATA * SET display-name :Bob Jones\nMETADATA * SET url :https://example.org")
    tea.people["bob"].hang_up()
    await _come(tea, "ann2", "ann", f"{CAPS} {metadata}")
    await tea.ask("ann2", "METADATA * SUB display-name")
    lines = await _ask(tea, "ann2", "MEMBERS #tea")
    place = lines.index(f"account=bob MEMBER #tea bob * offline member {START} :Bob Jones")
    by_numeric = metadata == "draft/metadata-3"
    told_so = (
        "761 ann bob display-name * :Bob Jones" if by_numeric else "METADATA bob display-name * :Bob Jones"
    )
    assert lines[place + 1] == told_so
    assert not any("example.org" in line for line in lines)


async def test_who_may_ask(tea: ServerHarness) -> None:
    """ "The server answers members of the room, and administrators" """
    await tea.irc("eve", CAPS)
    assert " 442 eve #tea " in told(await tea.ask("eve", "MEMBERS #tea"), "eve")[0]
    assert " 403 eve #none " in told(await tea.ask("eve", "MEMBERS #none"), "eve")[0]
    await tea.ask("ann", "MODE #tea +s")
    assert " 403 eve #tea " in told(await tea.ask("eve", "MEMBERS #tea"), "eve")[0]
    assert " 461 eve MEMBERS " in told(await tea.ask("eve", "MEMBERS"), "eve")[0]
    await tea.ask("gus", "JOIN #cellar")
    assert (await _ask(tea, "ann", "MEMBERS #cellar"))[0] == "BATCH + hubbub/members #cellar 1 *"


async def test_whoever_does_not_know_it_sees_what_they_always_saw(tea: ServerHarness) -> None:
    """ "Sessions without it receive nothing that is described here." """
    await tea.irc("old", "batch draft/metadata-2")
    await tea.ask("old", "JOIN #tea\nMETADATA * SUB display-name")
    for line in ("MEMBERS #tea", "PEOPLE"):
        assert " 421 old " in told(await tea.ask("old", line), "old")[0]
    assert " INVALID_TARGET bob " in told(await tea.ask("old", "METADATA bob LIST"), "old")[0]
    await _come(tea, "ann2", "ann", f"{CAPS} draft/metadata-2")
    seen = await tea.ask("ann2", "METADATA bob SET display-name :Robert")
    assert "Robert" in told(seen, "ann2")[0]
    seen += await _registered(tea, "kim") + await tea.ask("ann", "PRIVMSG Hubbub :set role bob moderator")
    assert told(seen, "old") == []


async def _registered(harness: ServerHarness, name: str) -> list[str]:
    await harness.account(name)
    return await harness.look()


# Changes


async def test_an_account_that_is_let_in_while_absent(tea: ServerHarness) -> None:
    """ "when an account becomes a member while it is not connected" """
    await tea.account("kim")
    await _come(tea, "kim")
    await tea.ask("ann", "MODE #tea +A")
    await tea.ask("kim", "KNOCK #tea")
    tea.people["kim"].hang_up()
    await tea.look()
    await tea.irc("old")
    seen = await tea.ask("ann", "PRIVMSG Hubbub :accept pending kim tea")
    assert _rows(told(seen, "gus"), "MEMBER") == ["#tea kim * offline member * :"]
    assert "@account=kim :hubbub MEMBER #tea kim * offline member * :" in told(seen, "ann")


async def test_a_new_account_is_in_the_welcome_room(tea: ServerHarness) -> None:
    """ "also when an account is registered and becomes a member of the welcome room" """
    await tea.ask("gus", "JOIN #Général")
    await tea.account("kim")
    assert _rows(told(await tea.look(), "gus"), "MEMBER") == ["#Général kim * offline member * :"]


async def test_an_account_that_waits_is_no_member_to_others(tmp_path: Path) -> None:
    """ "Members whose account waits for approval are listed only to moderators." """
    async with ServerHarness(tmp_path, {"accounts.registration": "approval"}) as harness:
        await harness.account("ann", role="admin")
        await _come(harness, "ann")
        await harness.irc("gus", CAPS)
        await harness.ask("gus", "JOIN #Général")
        harness.connect("kim").type("CAP REQ :draft/account-registration\nNICK kim\nUSER x 0 * x\nCAP END")
        seen = await harness.ask("kim", "REGISTER * * :correct horse")
        assert _rows(told(seen, "gus"), "MEMBER") == []
        assert not any("kim" in row for row in await _ask(harness, "gus", "MEMBERS #Général"))
        assert any("kim" in row for row in await _ask(harness, "ann", "MEMBERS #Général"))
        assert any("kim" in row for row in await _ask(harness, "ann", "PEOPLE"))
        seen = await harness.ask("ann", "PRIVMSG Hubbub :accept account kim")
        assert [row.split()[1] for row in _rows(told(seen, "gus"), "MEMBER")] == ["kim"]
        assert any("kim" in row for row in await _ask(harness, "gus", "MEMBERS #Général"))


async def test_another_role_is_told(tea: ServerHarness) -> None:
    """ "when a person gets another role on the server" """
    seen = await tea.ask("ann", "PRIVMSG Hubbub :set role bob moderator")
    assert _rows(told(seen, "gus"), "MEMBER")[-1] == "#tea bob * offline moderator * :"
    await _come(tea, "bob", nick="bobby")
    seen = await tea.ask("ann", "PRIVMSG Hubbub :set role bob member")
    assert _rows(told(seen, "gus"), "MEMBER")[-1] == "#tea bobby * here member * :"


async def test_an_operator_of_the_settings_is_staff_until_giving_it_up(tmp_path: Path) -> None:
    """The same for `OPER` and `MODE -o`."""
    password = PasswordHasher(1, 8192).hash("open sesame")
    (tmp_path / "hubbub.toml").write_text(f'[operators.boss]\npassword = "{password}"\nrole = "admin"\n')
    async with ServerHarness(tmp_path) as harness:
        for name in ("gus", "eve"):
            await harness.irc(name, CAPS)
            await harness.ask(name, "JOIN #tea")
        seen = await harness.ask("eve", "OPER boss :open sesame")
        assert _rows(told(seen, "gus"), "MEMBER") == ["#tea eve * here admin * :"]
        assert "#tea eve * here admin * :" in _rows(await _ask(harness, "gus", "MEMBERS #tea"), "MEMBER")
        seen = await harness.ask("eve", "MODE eve -o")
        assert _rows(told(seen, "gus"), "MEMBER") == ["#tea eve * here guest * :"]


async def test_joins_and_quits_are_said_as_ever(tea: ServerHarness) -> None:
    """ "So the server sends a client no line for what these lines say already." """
    await _come(tea, "bob")
    tea.people["bob"].hang_up()
    seen = told(await tea.look(), "gus")
    assert [line.split()[2 if line.startswith("@") else 1] for line in seen] == ["QUIT"]
    assert seen[0].startswith("@account=bob ")


# People who are not connected


async def test_metadata_of_somebody_absent(tea: ServerHarness) -> None:
    """ "the target of `METADATA` can also be the name of an account that is not connected" """
    await _come(tea, "ann2", "ann", f"{CAPS} draft/metadata-2")
    await tea.irc("zoe", f"{CAPS} draft/metadata-2")
    await tea.irc("kim", f"{CAPS} draft/metadata-2")
    await tea.ask("zoe", "JOIN #tea\nMETADATA * SUB display-name")
    seen = await tea.ask("ann2", "METADATA bob SET display-name :Bobby")
    assert [line for line in told(seen, "zoe") if "METADATA bob display-name * :Bobby" in line]
    assert any("Bobby" in line for line in await _ask(tea, "zoe", "METADATA bob GET display-name"))
    assert "INVALID_TARGET" in (await _ask(tea, "kim", "METADATA bob GET display-name"))[0]
    assert "KEY_NO_PERMISSION" in (await _ask(tea, "zoe", "METADATA bob SET display-name :Rob"))[0]
    await tea.restart()
    await _come(tea, "bob", caps=f"{CAPS} draft/metadata-2")
    assert any("Bobby" in line for line in await _ask(tea, "bob", "METADATA * GET display-name"))


async def test_last_seen_is_told_as_its_owner_wishes(tea: ServerHarness) -> None:
    """ "The server tells it to administrators, and to others if the member allows that" """
    await tea.account("kim")
    await _come(tea, "kim", caps=f"{CAPS} draft/metadata-2")
    await tea.ask("kim", "JOIN #tea")
    tea.wait(60)
    tea.people["kim"].hang_up()
    await tea.look()
    when = "2026-11-18T11:07:40.000Z"
    assert f"#tea kim * offline member {when} :" in _rows(await _ask(tea, "ann", "MEMBERS #tea"), "MEMBER")
    assert "#tea kim * offline member * :" in _rows(await _ask(tea, "gus", "MEMBERS #tea"), "MEMBER")
    await _come(tea, "kim", caps=f"{CAPS} draft/metadata-2")
    await tea.ask("kim", "METADATA * SET hubbub/last-seen yes")
    assert "#tea kim * here member * :" in _rows(await _ask(tea, "gus", "MEMBERS #tea"), "MEMBER")
    tea.people["kim"].hang_up()
    await tea.restart()
    await _come(tea, "bob")
    assert f"#tea kim * offline member {when} :" in _rows(await _ask(tea, "bob", "MEMBERS #tea"), "MEMBER")


# The directory


async def test_the_directory(tea: ServerHarness) -> None:
    """ "sorted by the name of the account" """
    await _come(tea, "bob", nick="zed")
    assert await _ask(tea, "bob", "PEOPLE") == [
        "BATCH + hubbub/people 2 *",
        "account=ann PERSON ann here admin * :",
        "account=bob PERSON zed here member * :",
        "BATCH -",
    ]


async def test_people_are_found_by_their_names(tea: ServerHarness) -> None:
    """ "accounts whose name or display name contains the text, without regard to case and accents" """
    await _come(tea, "bob", caps=f"{CAPS} draft/metadata-2")
    await tea.ask("bob", "METADATA * SET display-name :Zoé du Café")
    for text in ("cafe", "ZOÉ", "OB"):
        found = _rows(await _ask(tea, "bob", f"PEOPLE * :{text}"), "PERSON")
        assert found == ["bob here member * :Zoé du Café"], text
    assert await _ask(tea, "bob", "PEOPLE * :nobody") == ["BATCH + hubbub/people 0 *", "BATCH -"]


async def test_pages_of_the_directory(tea: ServerHarness, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "PAGE", 1)
    opening, row, _ = await _ask(tea, "ann", "PEOPLE")
    assert opening == "BATCH + hubbub/people 2 ann" and "PERSON ann " in row
    opening, row, _ = await _ask(tea, "ann", "PEOPLE ann")
    assert opening == "BATCH + hubbub/people 2 *" and "PERSON bob " in row


async def test_whoever_is_kept_out_is_not_in_it(tea: ServerHarness) -> None:
    """ "those that are suspended or banned, are listed only to moderators" """
    await tea.account("kim")
    await _come(tea, "kim")
    await tea.ask("ann", "PRIVMSG Hubbub :ban bob spam")
    assert [row.split()[0] for row in _rows(await _ask(tea, "kim", "PEOPLE"), "PERSON")] == ["ann", "kim"]
    assert len(_rows(await _ask(tea, "ann", "PEOPLE"), "PERSON")) == 3


@pytest.mark.parametrize(
    ("readers", "answers"),
    [
        ("everyone", {"gus": "BATCH", "kim": "BATCH", "mod": "BATCH", "ann": "BATCH"}),
        ("members", {"gus": "FAIL PEOPLE NOT_SIGNED_IN", "kim": "BATCH", "mod": "BATCH", "ann": "BATCH"}),
        ("moderators", {"gus": "FAIL PEOPLE NOT_SIGNED_IN", "kim": "481", "mod": "BATCH", "ann": "BATCH"}),
        ("administrators", {"gus": "FAIL PEOPLE NOT_SIGNED_IN", "kim": "481", "mod": "481", "ann": "BATCH"}),
    ],
)
async def test_who_may_use_it(tea: ServerHarness, readers: str, answers: dict[str, str]) -> None:
    """ "The setting `accounts.directory` says who may use this command" """
    for name in ("kim", "mod"):
        await tea.account(name)
        await _come(tea, name)
    await tea.ask("ann", "PRIVMSG Hubbub :set role mod moderator")
    tea.change("accounts", directory=readers)
    for name, answer in answers.items():
        assert (await _ask(tea, name, "PEOPLE"))[0].startswith(answer), name
