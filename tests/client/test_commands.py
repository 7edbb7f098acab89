"""Lines that are typed, in any face: messages, private ones, commands, and what is answered."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from hubbub.client import events
from hubbub.client.chat_model import Conversation, Message
from hubbub.client.commands import ALL, WORDS
from hubbub.client.input_parser import Speech
from hubbub.client.navigation import goals
from hubbub.client.typed_line import Asked, Said, Secret, TooShort, Unknown, is_secret, read_line
from hubbub.engine.invitations import CreateInvitation
from hubbub.engine.tokens import digest_of
from tests.client.client_harness import Seat, come, settle
from tests.server_harness import House

VECTORS = json.loads((Path(__file__).parent / "vectors" / "typed.json").read_text())
KINDS: dict[str, type] = {
    "said": Said,
    "asked": Asked,
    "unknown": Unknown,
    "short": TooShort,
    "secret": Secret,
}


class Paper:
    """A face that writes down what it is told."""

    def __init__(self, seat: Seat) -> None:
        self.seat = seat
        self.speech = Speech(seat.client, self)
        self.here: Conversation | None = None
        self.notes: list[str] = []
        self.acts: list[tuple[str, str]] = []
        self.chosen: Message | None = None
        self.asks_first = False
        self.asked: list[tuple[str, str, str, Callable[[], None]]] = []

    def note(self, text: str, conversation: Conversation | None = None) -> None:
        self.notes.append(text)

    def show(self, conversation: Conversation) -> None:
        self.here = conversation

    def selected(self) -> Message | None:
        return self.chosen

    def search(self, text: str) -> None:
        self.acts.append(("search", text))

    def read(self, title: str, rows: Sequence[tuple[str, str]]) -> None:
        self.notes.append("\n".join(name for name, _ in rows))

    def act(self, action: str, rest: str) -> None:
        self.acts.append((action, rest))

    def leave(self, reason: str) -> None:
        self.acts.append(("leave", reason))

    def ask(self, title: str, text: str, yes: str, then: Callable[[], None]) -> None:
        self.asked.append((title, text, yes, then))

    async def say(self, text: str) -> list[str]:
        """Type a line; what is noted."""
        await settle(self.seat)
        self._hear()
        self.notes.clear()
        doubt = self.speech.say(text)
        self.done = not doubt
        await settle(self.seat)
        self._hear()
        return [doubt, *self.notes] if doubt else self.notes

    def _hear(self) -> None:
        for event in self.seat.seen():
            self.speech.heard(event)


async def paper(house: House, nick: str = "ann", password: str = "") -> Paper:
    return Paper(await come(house, nick, password))


async def test_every_word_is_reached_and_says_how_it_is_written(house: House) -> None:
    ann = await paper(house)
    for word in ALL:
        notes = await ann.say(f"/help {word.name}")
        assert notes and notes[0].startswith(word.usage)
        if word.needs:
            assert await ann.say(f"/{word.name}") == [f"Write: {word.usage}"] and not ann.done
    assert len(WORDS) == sum(1 + len(word.others) for word in ALL), "no two words have the same name"


async def test_a_message_needs_a_place(house: House) -> None:
    ann = await paper(house)
    assert "You are not in a room" in (await ann.say("hello"))[0]
    await ann.say("/join tea")
    assert ann.here is not None and ann.here.name == "#tea"
    assert await ann.say("hello") == []
    assert await ann.say("//exit") == []
    assert ann.seat.texts("#tea") == ["ann: hello", "ann: /exit"]


@pytest.mark.parametrize(
    ("text", "kind", "rest"), [(text, kind, rest) for text, kind, *rest in VECTORS["lines"]]
)
def test_what_a_line_is(text: str, kind: str, rest: list[str]) -> None:
    typed = read_line(text, VECTORS["needs"], VECTORS["bare"])
    assert typed == KINDS[kind](*rest)


async def test_what_is_said_in_a_room_stays_there(house: House) -> None:
    """Whoever it names at its beginning: also somebody who is away, and nobody."""
    await house.account("tom")
    ann, bob = await paper(house), await paper(house, "bob")
    for face in (ann, bob):
        await face.say("/join tea")
    said = ["@tom can you bring the key", "@here lunch!", "@bob and you?", "@property\ndef key(self): ..."]
    for text in said:
        assert await ann.say(text) == []
    await settle(bob.seat)
    assert bob.seat.texts("#tea") == [f"ann: {text}" for text in said]
    assert ann.seat.client.find("tom") is None and ann.seat.client.find("here") is None


async def test_what_is_no_command_is_kept_and_can_be_said(house: House) -> None:
    ann = await paper(house)
    await ann.say("/join tea")
    for text in ("/etc/hosts has a wrong line", "/shrug x", "/msg bob", "@NickServ IDENTIFY ann pw"):
        assert len(await ann.say(text)) == 1 and not ann.done
    assert ann.seat.texts("#tea") == []
    assert ann.speech.say_as_text("/etc/hosts has a wrong line") == ""
    await settle(ann.seat)
    assert ann.seat.texts("#tea") == ["ann: /etc/hosts has a wrong line"]


async def test_words_without_a_place_are_kept(house: House) -> None:
    ann = await paper(house)
    for text in ("hello", "@bob psst", "/me waves", "/topic x", "/users"):
        assert len(await ann.say(text)) == 1 and not ann.done


async def test_private_messages(house: House) -> None:
    ann, bob = await paper(house), await paper(house, "bob")
    assert await ann.say("/msg @bob psst") == ["Private message sent to bob"]
    assert await ann.say("/msg bob again") == ["Private message sent to bob"]
    assert await ann.say("/msg nobody psst") == ["User nobody not found"]
    assert ann.seat.client.find("nobody") is None
    await settle(bob.seat)
    assert bob.seat.texts("ann") == ["ann: psst", "ann: again"]


@pytest.mark.parametrize("line", ["/exit", "!exit", "exit", " exit "])
async def test_leaving(house: House, line: str) -> None:
    ann = await paper(house)
    await ann.say(line)
    assert ann.acts == [("leave", "")]


async def test_who_is_connected(house: House) -> None:
    ann = await paper(house)
    await come(house, "bob")
    for line in ("?list", "/list"):
        assert await ann.say(line) == ["Connected (2): ann, bob"]


async def test_an_account_made_in_the_chat_is_used_from_then_on(house: House) -> None:
    ann = await paper(house)
    assert any("registered" in note for note in await ann.say("/register ann correct horse"))
    ann.seat.cut()
    ann.seat.connect()
    await settle(ann.seat)
    assert ann.seat.client.account == "ann" and ann.seat.client.is_here
    changed = await ann.say('/password "correct horse" "another horse"')
    assert changed == ["NickServ: Your password was changed. No other sessions were signed in."]
    ann.seat.cut()
    ann.seat.connect()
    await settle(ann.seat)
    assert ann.seat.client.account == "ann" and ann.seat.client.is_here


async def test_signing_in_in_the_chat(house: House) -> None:
    await house.account("ann")
    ann = await paper(house, "guest")
    await ann.say("login ann correct horse")
    assert ann.seat.client.account == "ann"
    assert await ann.say("/whoami") == ["You are ann, signed in as ann, on Hubbub."]
    ann.seat.cut()
    ann.seat.connect()
    await settle(ann.seat)
    assert ann.seat.client.account == "ann"


async def test_a_wrong_password_changes_nothing(house: House) -> None:
    await house.account("ann")
    ann = await paper(house, "guest")
    notes = await ann.say("/login ann wrong")
    assert notes and "wrong" not in " ".join(notes).replace("is wrong", "")
    assert ann.seat.client.registration.identity.secret is None


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("/login ann pw", True),
        ("LOGIN ann pw", True),
        ("register ann pw", True),
        ("/password x", True),
        ("hello login", False),
        ("", False),
        ("/join login", False),
        ("/msg NickServ IDENTIFY ann pw", True),
        ("@nickserv identify pw", True),
        ("/msg @nickserv identify pw", True),
        ("/msg NickServ SET PASSWORD old new", True),
        ("@nickserv GHOST ann pw", True),
        ("@ann set the table", False),
        ("@ann hello login", False),
    ],
)
def test_what_may_hold_a_password(text: str, secret: bool) -> None:
    assert is_secret(text) is secret


async def test_without_a_connection_commands_wait_for_nobody(house: House) -> None:
    ann = await paper(house)
    await ann.say("/join tea")
    ann.seat.cut()
    assert "You are offline" in (await ann.say("/topic new"))[0] and not ann.done
    await ann.say("hello")
    ann.seat.connect()
    await settle(ann.seat)
    assert ann.seat.texts("#tea") == ["ann: hello"]


async def test_rooms(house: House) -> None:
    ann, bob = await paper(house), await paper(house, "bob")
    for one in (ann, bob):
        await one.say("/join tea")
    await ann.say("/topic Oolong")
    assert await bob.say("/topic") == ["The topic of #tea is: Oolong"]
    assert await bob.say("/topic mine") == ["#tea: You're not channel operator"]
    assert await ann.say("/users") == ["In #tea (2): @ann, bob"]
    await ann.say("/op bob")
    assert await ann.say("/users tea") == ["In #tea (2): @ann, @bob"]
    await ann.say("/deop bob")
    await ann.say("/kick bob out with you")
    await settle(bob.seat)
    assert not bob.seat["#tea"].is_joined
    await ann.say("/ban bob")
    assert any("+b" in note for note in await bob.say("/join tea"))
    await ann.say("/unban bob")
    await bob.say("/join tea")
    assert bob.seat["#tea"].is_joined
    assert "#tea" in "\n".join(await ann.say("/rooms"))
    await ann.say("/leave")
    assert ann.seat.client.find("#tea") is None


async def test_reactions_replies_edits_deletions(house: House) -> None:
    ann = await paper(house)
    await ann.say("/join tea")
    await ann.say("oolnog")
    await ann.say("/edit oolong")
    await ann.say("/react 👍")
    (message,) = [m for m in ann.seat["#tea"].timeline.messages if m.is_talk]
    assert message.text == "oolong" and message.reactions == {"👍": ["ann"]}
    await ann.say("/react 👍")
    assert message.reactions == {}
    await ann.say("/reply yes")
    assert ann.seat["#tea"].timeline.messages[-1].reply_to == message.id
    ann.chosen = message
    await ann.say("/delete")
    assert message.is_deleted


async def test_keys_are_sent_by_their_fingerprints(house: House) -> None:
    await house.account("ann")
    ann = await paper(house, "ann", "correct horse")
    key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ0pS8e8dGm0mYkOaFB2yAIsNZQbDqvVYx2E8Y3oB1Zt ann@desk"
    (note,) = await ann.say(f"/keys ADD {key}")
    assert "SHA256:" in note and "can now sign in" in note
    assert any("SHA256:" in note for note in await ann.say("/keys"))
    assert "Write: /keys ADD KEY" in (await ann.say("/keys ADD nonsense"))[0]


async def test_raw_lines(house: House) -> None:
    ann = await paper(house)
    await ann.say("/raw JOIN #tea")
    await ann.say("/quote PRIVMSG #tea :two words")
    assert ann.seat.texts("#tea") == ["ann: two words"]
    assert await ann.say("/raw NONSENSE") != []


async def test_reporting(house: House) -> None:
    """The selected message: nobody reports by mistake what was said last."""
    ann, eve = await paper(house), await paper(house, "eve")
    for face in (ann, eve):
        await face.say("/join tea")
    await eve.say("an insult")
    assert (await ann.say("/report"))[0].startswith("Select a message first")
    assert ann.here is not None
    ann.chosen = next(one for one in ann.here.timeline.messages if one.text == "an insult")
    assert await ann.say("/report not nice") == ["The message was reported. A moderator will look at it."]
    [report] = house.node.state.reports.values()
    assert (report.author, report.by, report.reason) == ("eve", "ann", "not nice")
    assert "already" in (await ann.say("/report"))[0]


async def test_registering_with_an_invitation(tmp_path: Path) -> None:
    """As the code alone, or as the whole link."""
    async with House(tmp_path, {"accounts.registration": "invitation"}) as house:
        house.node.ask(CreateInvitation(digest_of("k3sR9pQxZ1vT0aLm"), uses=2))
        ann, bob = await paper(house, "anna"), await paper(house, "bobby")
        assert "invitation" in (await ann.say("/register anna correct-horse"))[0]
        assert "no longer valid" in (await ann.say("/invitation nonsense"))[0]
        assert await ann.say("/invitation k3sR9pQxZ1vT0aLm") == ["You can now register."]
        await bob.say("/invitation https://chat.test:12345/#/invitation/k3sR9pQxZ1vT0aLm")
        for face, name in ((ann, "anna"), (bob, "bobby")):
            await face.say(f"/register {name} correct-horse")
            assert house.node.state.account_named(name) is not None


async def test_a_mistyped_room_is_asked_about_before_it_is_made(house: House) -> None:
    await house.irc("bob")
    await house.ask("bob", "JOIN #coffee")
    await house.ask("bob", "JOIN #secret")
    await house.ask("bob", "MODE #secret +s")
    ann = Paper(await come(house, "ann", rooms=("#tea",)))
    ann.asks_first = True
    assert await ann.say("/join #cofee") == []
    assert house.node.state.room_named("cofee") is None
    ((title, text, yes, then),) = ann.asked
    assert (title, yes) == (
        "There is no room #cofee in the list",
        "Create #cofee",
    ) and "Did you mean #coffee?" in text
    then()
    await settle(ann.seat)
    ann._hear()
    assert ann.here is not None and ann.here.name == "#cofee"
    await ann.say("/join coffee")
    assert ann.here.name == "#coffee" and len(ann.asked) == 1, "a room that is there is gone to"
    await ann.say("/join secret")
    assert len(ann.asked) == 2 and "secret" not in ann.asked[1][1], "nothing is said of a room that is secret"
    house.people["bob"].type("INVITE ann #secret")
    await ann.say("/join secret")
    assert ann.here.name == "#secret" and len(ann.asked) == 2, "one has been invited"
    ann.asks_first = False
    await ann.say("/join anything")
    assert ann.here.name == "#anything"


async def test_what_there_is_to_go_to(house: House) -> None:
    """The quick switcher offers rooms and people that are there, and a new room as what it is."""
    await house.irc("bob")
    await house.ask("bob", "JOIN #coffee")
    await house.ask("bob", "TOPIC #coffee :Beans")
    ann = await come(house, "ann", rooms=("#tea",))
    ann.client.directory.refresh()
    await settle(ann)
    assert ann.seen(events.DirectoryChanged) and not ann.seen(events.RoomsListed, events.PeopleListed)

    def offered(text: str) -> list[str]:
        known = ann.client.directory
        return [
            goal.words
            for goal in goals(list(ann.client.conversations.values()), text, known.rooms, known.people)
        ]

    everything = offered("")
    assert everything[0] == "#tea" and "Join #Général" in everything
    assert everything[-1] == "Message bob privately", "nobody talks to themselves"
    assert offered("beans") == ["Join #coffee", "Create or join #beans"]
    assert offered("bo") == ["Message bob privately", "Create or join #bo"]
    assert offered("nobody") == ["Create or join #nobody"]
    assert offered("#TEA") == ["#tea"] and offered("two words") == []


async def test_everybody_is_listed_to_those_who_may_know(house: House) -> None:
    """Of the invisible, an account is told; a guest where they meet. The same by plain words."""
    await house.account("ann")
    await house.irc("bob")
    await house.ask("bob", "MODE bob +i")
    await house.netcat("guest")
    ann = Paper(await come(house, "ann", "correct horse"))
    assert await ann.say("?list") == ["Connected (3): ann, bob, guest"]
    eve = Paper(await come(house, "eve"))
    assert await eve.say("?list") == ["Connected (3): ann, eve, guest"]
    for answer in (await eve.say("?list"), await ann.say("?list")):
        assert len(answer) == 1
    assert await house.ask("guest", "?list") == [
        "guest < Connected (3):",
        "guest <   ann",
        "guest <   eve",
        "guest <   guest",
    ]


async def test_two_questions_for_everybody_are_answered_each(house: House) -> None:
    ann = Paper(await come(house, "ann", rooms=("#tea",)))
    ann.speech.say("?list")
    ann.seat.client.people.ask_who("#tea")
    ann.speech.say("?list")
    await settle(ann.seat)
    ann._hear()
    assert ann.notes == ["Connected (1): ann"] * 2


async def test_the_text_of_an_edit_that_is_refused_is_given_back(house: House) -> None:
    ann = Paper(await come(house, "ann", rooms=("#tea",)))
    ann.here = ann.seat["#tea"]
    await ann.say("first")
    message = next(m for m in ann.here.timeline.messages if m.is_talk)
    message.id = "0" * len(message.id)
    ann.chosen = message
    notes = await ann.say("/edit second")
    assert [note for note in notes if note.endswith("\nYou wrote: second")]
