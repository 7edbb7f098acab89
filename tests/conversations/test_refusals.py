"""Every refusal there is, is met by somebody; those of `engine/policy.py` in `test_refusals_of_policy.py`, those of the
website in `tests/web/test_refusals.py`.
"""

import ast
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pytest
from msgspec import Struct

import hubbub
from hubbub.engine.event import Command
from hubbub.engine.refusals import Refusal
from hubbub.transports.base import WireProtocol
from tests.conversations import test_refusals_of_policy as of_policy
from tests.server_harness import ServerHarness
from tests.sign_in import arrive
from tools.refusals import of_engine

REFUSALS: Final = of_engine()
CAPS: Final = (
    "batch message-tags echo-message draft/metadata-2 draft/message-redaction hubbub/edit hubbub/report hubbub/notify "
    "hubbub/drafts "
    "hubbub/invitation draft/webpush draft/account-registration"
)
GUESTS: Final = ("ann", "bob", "eve")
PASSWORD: Final = "correct horse"
KEYS: Final = f"p256dh={'B' * 87};auth={'A' * 22}"


class Met(Struct, frozen=True):
    """What leads there, line by line as `name: line`; the last one is refused, and `instead` of it would not be.

    Guests are ann, bob and eve; kim has an account, and root looks after the place. Whoever else speaks has just
    connected: `net` by netcat, `far` from another machine. `{said}` is the id of the last message. `says` is what the
    refused one reads, where it is not the engine that refuses.
    """

    lines: tuple[str, ...]
    instead: str = ""
    says: str = ""
    settings: Mapping[str, object] = {}
    constants: Mapping[str, int] = {}


def _hubbub(command: str) -> str:
    return f"root: PRIVMSG Hubbub :{command}"


CONVERSATIONS: Final[dict[str, Met]] = {
    "AccountExists": Met(
        (f"ann: REGISTER kim * :{PASSWORD}",),
        f"ann: REGISTER ann * :{PASSWORD}",
        says="kim is already registered",
    ),
    "AccountUnknown": Met((_hubbub("set role nobody moderator"),), _hubbub("set role kim moderator")),
    "AddressMalformed": Met(
        (_hubbub("ban ip 300.1.1.1 x"),), _hubbub("ban ip 192.0.2.7 x"), "is neither an address"
    ),
    "AlreadyMember": Met(
        ("ann: JOIN #tea", "bob: JOIN #tea", "ann: INVITE bob #tea"), "ann: INVITE eve #tea"
    ),
    "AlreadyReported": Met(
        ("bob: PRIVMSG kim :boo", "kim: REPORT bob {said}", "kim: REPORT bob {said}"),
        _hubbub("close report 1"),
    ),
    "EmojiUnknown": Met((_hubbub("delete emoji party"),), says="There is no emoji :party: on this server"),
    "GuestsNotAllowed": Met(
        ("zed: NICK zed\nUSER zed 0 * :Z",),
        "zed: PASS :kim:correct horse\nNICK kim\nUSER k 0 * :K",
        settings={"accounts.guests": False},
    ),
    "InvitationUnknown": Met(("ann: INVITATION nonsense",)),
    "LastAdministrator": Met((_hubbub("set role root member"),), _hubbub("set role kim member")),
    "ListFull": Met(
        ("ann: JOIN #tea", "ann: MODE #tea +b x!*@*", "ann: MODE #tea +b y!*@*"),
        "ann: MODE #tea +e y!*@*",
        settings={"limits.room_list_entries": 1},
    ),
    "ListTooLong": Met(
        ("bob: MONITOR + xena,yuri",), "bob: MONITOR C", settings={"limits.monitored_names": 1}
    ),
    "MayNotEdit": Met(
        ("ann: JOIN #tea", "bob: JOIN #tea", "bob: PRIVMSG #tea :hi", "ann: EDIT #tea {said} :ho"),
        "bob: EDIT #tea {said} :ho",
    ),
    "MayNotRedact": Met(
        ("ann: JOIN #tea", "bob: JOIN #tea", "ann: PRIVMSG #tea :hi", "bob: REDACT #tea {said}"),
        "ann: REDACT #tea {said}",
    ),
    "MessageUnknown": Met(
        ("ann: JOIN #tea", "ann: PRIVMSG #tea :hi", "ann: REDACT #tea {said}", "ann: EDIT #tea {said} :ho")
    ),
    "MetadataFull": Met(
        ("ann: METADATA * SET a :x", "ann: METADATA * SET b :x"),
        "ann: METADATA * SET a :y",
        constants={"hubbub.engine.metadata.KEYS_MAX": 1},
    ),
    "MetadataKeyInvalid": Met(("ann: METADATA * SET A :x",), "ann: METADATA * SET a :x"),
    "MetadataNameOfAnother": Met(
        ("ann: METADATA * SET display-name :kim",), "ann: METADATA * SET status :kim"
    ),
    "MetadataNotPermitted": Met(("ann: METADATA bob SET a :x",), "root: METADATA bob SET a :x"),
    "MetadataNotSet": Met(("ann: METADATA * SET a",), "ann: METADATA * SET a :x"),
    "MetadataValueTooLong": Met(
        (f"ann: METADATA * SET a :{'x' * 301}",), f"ann: METADATA * SET a :{'x' * 300}"
    ),
    "ModeArgumentWrong": Met(("ann: JOIN #tea", "ann: MODE #tea +l none"), "ann: MODE #tea +l 9"),
    "ModeUnknown": Met(("ann: JOIN #tea", "ann: MODE #tea +x"), "ann: MODE #tea +m"),
    "NetworkHoldsMany": Met((_hubbub("ban ip 127.0.0.0/8 x"),), _hubbub("ban ip 192.0.2.0/24 x")),
    "NoRequest": Met(("ann: JOIN #tea", "ann: PRIVMSG ChanServ :DENY #tea kim")),
    "NotApproved": Met(
        (f"ann: REGISTER * * :{PASSWORD}", "zed: PASS :ann:correct horse\nNICK ann\nUSER a 0 * :A"),
        _hubbub("accept account ann"),
        settings={"accounts.registration": "approval"},
    ),
    "NotKeptOut": Met((_hubbub("unban bob"),), _hubbub("ban bob x")),
    "NotSecure": Met(("far: NICK far\nUSER f 0 * :F",), says="only over an encrypted connection"),
    "NotSignedIn": Met(("ann: JOIN #tea", "ann: MODE #tea +A", "bob: JOIN #tea"), "kim: JOIN #tea"),
    "NothingSaid": Met(("bob: PRIVMSG ann :\u202e",), "bob: PRIVMSG ann :hi"),
    "OldPasswordWrong": Met(
        ("kim: PRIVMSG NickServ :SET PASSWORD wrong ninety-nine-teas",),
        f'kim: PRIVMSG NickServ :SET PASSWORD "{PASSWORD}" ninety-nine-teas',
        says="That is not your current password",
    ),
    "PasswordCommon": Met(
        (f"ann: REGISTER * * :{'password123'}",), f"ann: REGISTER * * :{PASSWORD}", says="most common"
    ),
    "PasswordIsName": Met(
        ("ann: REGISTER * * :hubbub-ann1",), f"ann: REGISTER * * :{PASSWORD}", says="too close to the name"
    ),
    "PasswordIsOwn": Met((_hubbub("reset password root"),), _hubbub("reset password kim")),
    "PasswordNotSendable": Met(
        ("ann: REGISTER * * :correct\x02horse",),
        f"ann: REGISTER * * :{PASSWORD}",
        says="contain control characters",
    ),
    "PasswordRefused": Met(
        ("ann: REGISTER * * :short",), f"ann: REGISTER * * :{PASSWORD}", says="at least 6 characters"
    ),
    "PersonNotMember": Met(("ann: JOIN #tea", "ann: KICK #tea eve")),
    "PushAddressRefused": Met((f"kim: WEBPUSH REGISTER https://localhost/x {KEYS}",)),
    "PushInvalid": Met(("kim: WEBPUSH REGISTER https://push.example.org/x p256dh=x;auth=y",)),
    "RegistrationClosed": Met(
        (f"ann: REGISTER * * :{PASSWORD}",),
        says="Registration on this server is closed",
        settings={"accounts.registration": "closed"},
    ),
    "ReportUnknown": Met((_hubbub("close report 7"),), says="There is no such report"),
    "RequestNotNeeded": Met(("ann: JOIN #tea", "kim: KNOCK #tea"), "kim: JOIN #tea"),
    "RequestPending": Met(("ann: JOIN #tea", "ann: MODE #tea +A", "kim: JOIN #tea", "kim: JOIN #tea")),
    "RoomMoved": Met(("ann: JOIN #tea", "ann: RENAME #tea #mint", "bob: JOIN #tea"), "bob: JOIN #mint"),
    "RoomSpelled": Met(("ann: JOIN #caf\u00e9", "bob: JOIN #CAF\u00c9"), "bob: JOIN #caf\u00e9"),
    "ServerPasswordNeeded": Met(
        ("net: someone",), says="This server has a password", settings={"server.password": "open sesame"}
    ),
    "SignInFailed": Met(
        ("ann: PRIVMSG NickServ :IDENTIFY kim wrong-horse",),
        f"ann: PRIVMSG NickServ :IDENTIFY kim {PASSWORD}",
        says="The name or the password is wrong",
    ),
    "SignedInAlready": Met(
        (f'kim: PRIVMSG NickServ :IDENTIFY kim "{PASSWORD}"',), says="You are already logged in as kim"
    ),
    "TokenExists": Met(
        ("kim: PRIVMSG NickServ :TOKEN ADD x", "kim: PRIVMSG NickServ :TOKEN ADD x"),
        "kim: PRIVMSG NickServ :TOKEN ADD y",
    ),
    "TokenUnknown": Met(("kim: PRIVMSG NickServ :TOKEN DEL x",)),
    "TooManyAttempts": Met(
        (
            "ann: PRIVMSG NickServ :IDENTIFY kim wrong-horse",
            "ann: PRIVMSG NickServ :IDENTIFY kim wrong-horse",
        ),
        says="Too many attempts",
        settings={"limits.signin_failures": 1},
    ),
    "TooManyInvitations": Met(
        (_hubbub("add invitation 1 1d"), _hubbub("add invitation 1 1d")),
        _hubbub("delete invitation 1"),
        constants={"hubbub.engine.invitations.INVITATIONS_MAX": 1},
    ),
    "TooManyPlaces": Met(
        ("kim: JOIN #a", "kim: JOIN #b", "kim: NOTIFY #a all", "kim: NOTIFY #b all"),
        "kim: NOTIFY #a nothing",
        constants={"hubbub.engine.notifications.LEVELS_MAX": 1},
    ),
    "CannotBeAdded": Met(
        (_hubbub("add account lea"), _hubbub("ban lea x"), "kim: CONVERSE root,lea"),
        says="lea can't be added to a conversation now",
    ),
    "NeedsAccount": Met(("kim: CONVERSE root,bob",), says="bob is a guest"),
    "NotConversation": Met(("kim: CONVERSE #Général +root",)),
    "TooFewPeople": Met(("kim: CONVERSE root",), "kim: PRIVMSG root :hi"),
    "TooManyPeople": Met(
        (_hubbub("add account lea"), "kim: CONVERSE root,lea"),
        constants={"hubbub.engine.conversations.PEOPLE_MAX": 2},
    ),
    "TooManyConversations": Met(
        (_hubbub("add account lea"), "kim: CONVERSE root,lea"),
        constants={"hubbub.engine.conversations.CONVERSATIONS_MAX": 0},
    ),
    "DraftTooLong": Met(
        ("kim: DRAFT #Général * :longer than that",),
        "kim: DRAFT #Général * :tea",
        constants={"hubbub.engine.drafts.DRAFT_BYTES_MAX": 4},
    ),
    "TooManyReports": Met(
        (
            "bob: PRIVMSG kim :boo",
            "kim: REPORT bob {said}",
            "bob: PRIVMSG kim :boo",
            "kim: REPORT bob {said}",
        ),
        constants={"hubbub.engine.reports.REPORTS_A_PERSON_MAX": 1},
    ),
    "TooManySessions": Met(
        ("zed: PASS :kim:correct horse\nNICK kim\nUSER k 0 * :K",), settings={"limits.sessions_an_account": 1}
    ),
    "TooManyTokens": Met(
        ("kim: PRIVMSG NickServ :TOKEN ADD x", "kim: PRIVMSG NickServ :TOKEN ADD y"),
        "kim: PRIVMSG NickServ :TOKEN DEL x",
        constants={"hubbub.engine.tokens.TOKENS_MAX": 1},
    ),
    "TooManyWebhooks": Met(
        ("ann: JOIN #tea", _hubbub("add webhook in tea abc"), _hubbub("add webhook in tea xyz")),
        _hubbub("delete webhook 1"),
        constants={"hubbub.engine.webhooks.WEBHOOKS_MAX": 1},
    ),
    "UserUnknown": Met(("bob: PRIVMSG nobody :hi",), "bob: PRIVMSG kim :hi"),
    "WebhookAddressRefused": Met(
        ("ann: JOIN #tea", _hubbub("add webhook out tea abc http://127.0.0.1/")),
        _hubbub("add webhook in tea abc"),
    ),
    "WebhookUnknown": Met((_hubbub("delete webhook 7"),), says="There is no such webhook"),
    "RoomsMadeTooFast": Met(
        ("ann: JOIN #one", "ann: JOIN #two"),
        "ann: PART #one",
        says="Today's limit on new rooms is reached.",
        settings={"limits.rooms_made_an_address_a_day": 1},
    ),
}

ELSEWHERE: Final = {
    "Mistake": ("admin/test_rooms.py", "The new name is missing."),
    "QuoteMistake": ("admin/test_sanctions.py", "A quote is not closed."),
    "DataUnreadable": ("conversations/test_unreadable.py", "DataUnreadable()"),
    "DiskTakesNothing": ("node/test_disk.py", "DiskTakesNothing()"),
    "EmojiNameRefused": ("web/test_custom_emoji.py", "2 to 32 lowercase letters"),
    "EmojiNameTaken": ("web/test_custom_emoji.py", "The emoji :wave: already exists."),
    "EmojiOfAnother": ("web/test_custom_emoji.py", "ann added :party:."),
    "TooManyEmoji": ("web/test_custom_emoji.py", "There are already 1 emoji."),
    "FileRefused": ("web/test_files.py", "A file may be at most"),
    "FilesFull": ("web/test_disk_quota.py", "All files together may take"),
    "TooManyWaiting": ("node/test_password_queue.py", "Too many people are signing in"),
    "RoomInUse": ("conversations/test_unused_rooms.py", "The room doesn't exist, or is in use."),
}
"""Those that no line of a conversation leads to: the test, and what it reads of the sentence."""


def _kinds(folder: Path) -> set[str]:
    """The names of all refusals that modules of a folder define, by whatever way they come from Refusal."""
    trees = (ast.parse(path.read_text("utf-8")) for path in sorted(folder.rglob("*.py")))
    classes = [node for tree in trees for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    found, more = {"Refusal"}, True
    while more:
        kin = {
            node.name for node in classes if found & {ast.unparse(base).split(".")[-1] for base in node.bases}
        }
        found, more = found | kin, not kin <= found
    return found - {"Refusal"}


def test_the_list_is_whole() -> None:
    """A refusal has a conversation here or beside the policy, or a test elsewhere that reads its sentence."""
    there = _kinds(Path(hubbub.__file__).parent)
    by_policy = of_policy.CONVERSATIONS.keys() | of_policy.ELSEWHERE.keys()
    assert there == CONVERSATIONS.keys() | ELSEWHERE.keys() | by_policy
    assert len(there) == len(CONVERSATIONS) + len(ELSEWHERE) + len(by_policy), "each stands in one list"
    for file, sentence in ELSEWHERE.values():
        assert sentence in (Path(__file__).parent.parent / file).read_text("utf-8")


def test_a_refusal_that_another_module_defines_is_on_the_list(tmp_path: Path) -> None:
    (tmp_path / "tea.py").write_text("class Cold(Refusal):\n    pass\n")
    (tmp_path / "more.py").write_text("class Colder(Cold):\n    pass\nclass Cup:\n    pass\n")
    assert _kinds(tmp_path) == {"Cold", "Colder"}


class Told:
    """Users of a server, and what the engine refuses them."""

    def __init__(self, harness: ServerHarness) -> None:
        self.harness = harness
        self.refused: list[type[Refusal]] = []
        self.last_said = ""

    def note(self, refusal: Refusal, command: Command, address: str) -> None:
        self.refused.append(type(refusal))

    async def arrive(self, guests: tuple[str, ...]) -> None:
        await self.harness.account("root", role="admin")
        for name in ("root", "kim"):
            await arrive(self.harness, name, CAPS)
        for name in guests:
            await self.harness.irc(name, CAPS)

    async def type(self, line: str) -> list[str]:
        name, _, text = line.partition(": ")
        if name not in self.harness.people:
            kind = WireProtocol.NETCAT if name == "net" else WireProtocol.IRC
            self.harness.connect(name, kind, address="192.0.2.7" if name == "far" else "127.0.0.1")
        self.harness.wait(1)
        lines = await self.harness.ask(name, text.replace("{said}", self.last_said))
        found = [match[1] for line in lines if (match := re.search(r"msgid=(\w+).* PRIVMSG ", line))]
        self.last_said = found[-1] if found else self.last_said
        return lines


@pytest.mark.parametrize("name", CONVERSATIONS)
async def test_it_is_met(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    met = CONVERSATIONS[name]
    for place, value in met.constants.items():
        monkeypatch.setattr(place, value)
    async with ServerHarness(tmp_path, {**met.settings}) as harness:
        told = Told(harness)
        closed = {"accounts.guests", "server.password"} & met.settings.keys()
        await told.arrive(() if closed else GUESTS)
        monkeypatch.setattr(harness.node.journal, "refused", told.note)
        for line in met.lines[:-1]:
            await told.type(line)
        told.refused.clear()
        lines = await told.type(met.lines[-1])
        if met.says:
            assert met.says in "\n".join(lines), lines
        else:
            assert told.refused == [REFUSALS[name]], lines
        told.refused.clear()
        if met.instead:
            lines = await told.type(met.instead)
            assert told.refused == [] and (not met.says or met.says not in "\n".join(lines)), lines
