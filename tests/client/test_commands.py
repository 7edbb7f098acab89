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
from tests.client.client_harness import ClientHarness, come, settle
from tests.server_harness import ServerHarness

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

    def __init__(self, user: ClientHarness) -> None:
        self.user = user
        self.speech = Speech(user.client, self)
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
        await settle(self.user)
        self._hear()
        self.notes.clear()
        doubt = self.speech.say(text)
        self.done = not doubt
        await settle(self.user)
        self._hear()
        return [doubt, *self.notes] if doubt else self.notes

    def _hear(self) -> None:
        for event in self.user.seen():
            self.speech.heard(event)


async def paper(harness: ServerHarness, nick: str = "ann", password: str = "") -> Paper:
    return Paper(await come(harness, nick, password))


async def test_every_word_is_reached_and_says_how_it_is_written(harness: ServerHarness) -> None:
    ann = await paper(harness)
    for word in ALL:
        notes = await ann.say(f"/help {word.name}")
        assert notes and notes[0].startswith(word.usage)
        if word.needs:
            assert await ann.say(f"/{word.name}") == [f"Write: {word.usage}"] and not ann.done
    assert len(WORDS) == sum(1 + len(word.others) for word in ALL), "no two words have the same name"


async def test_a_message_needs_a_place(harness: ServerHarness) -> None:
    ann = await paper(harness)
    assert "You are not in a room" in (await ann.say("hello"))[0]
    await ann.say("/join tea")
    assert ann.here is not None and ann.here.name == "#tea"
    assert await ann.say("hello") == []
    assert await ann.say("//exit") == []
    assert ann.user.texts("#tea") == ["ann: hello", "ann: /exit"]


@pytest.mark.parametrize(
    ("text", "kind", "rest"), [(text, kind, rest) for text, kind, *rest in VECTORS["lines"]]
)
def test_what_a_line_is(text: str, kind: str, rest: list[str]) -> None:
    typed = read_line(text, VECTORS["needs"], VECTORS["bare"])
    assert typed == KINDS[kind](*rest)


async def test_what_is_said_in_a_room_stays_there(harness: ServerHarness) -> None:
    """Whoever it names at its beginning: also somebody who is away, and nobody."""
    await harness.account("tom")
    ann, bob = await paper(harness), await paper(harness, "bob")
    for face in (ann, bob):
        await face.say("/join tea")
    said = ["@tom can you bring the key", "@here lunch!", "@bob and you?", "@property\ndef key(self): ..."]
    for text in said:
        assert await ann.say(text) == []
    await settle(bob.user)
    assert bob.user.texts("#tea") == [f"ann: {text}" for text in said]
    assert ann.user.client.find("tom") is None and ann.user.client.find("here") is None


async def test_what_is_no_command_is_kept_and_can_be_said(harness: ServerHarness) -> None:
    ann = await paper(harness)
    await ann.say("/join tea")
    for text in ("/etc/hosts has a wrong line", "/shrug x", "/msg bob", "@NickServ IDENTIFY ann pw"):
        assert len(await ann.say(text)) == 1 and not ann.done
    assert ann.user.texts("#tea") == []
    assert ann.speech.say_as_text("/etc/hosts has a wrong line") == ""
    await settle(ann.user)
    assert ann.user.texts("#tea") == ["ann: /etc/hosts has a wrong line"]


async def test_words_without_a_place_are_kept(harness: ServerHarness) -> None:
    ann = await paper(harness)
    for text in ("hello", "@bob psst", "/me waves", "/topic x", "/users"):
        assert len(await ann.say(text)) == 1 and not ann.done


async def test_private_messages(harness: ServerHarness) -> None:
    ann, bob = await paper(harness), await paper(harness, "bob")
    assert await ann.say("/msg @bob psst") == ["Private message sent to bob"]
    assert await ann.say("/msg bob again") == ["Private message sent to bob"]
    assert await ann.say("/msg nobody psst") == ["User nobody not found"]
    assert ann.user.client.find("nobody") is None
    await settle(bob.user)
    assert bob.user.texts("ann") == ["ann: psst", "ann: again"]


@pytest.mark.parametrize("line", ["/exit", "!exit", "exit", " exit "])
async def test_leaving(harness: ServerHarness, line: str) -> None:
    ann = await paper(harness)
    await ann.say(line)
    assert ann.acts == [("leave", "")]


async def test_who_is_connected(harness: ServerHarness) -> None:
    ann = await paper(harness)
    await come(harness, "bob")
    for line in ("?list", "/list"):
        assert await ann.say(line) == ["Connected (2): ann, bob"]


async def test_an_account_made_in_the_chat_is_used_from_then_on(harness: ServerHarness) -> None:
    ann = await paper(harness)
    assert any("registered" in note for note in await ann.say("/register ann correct horse"))
    ann.user.cut()
    ann.user.connect()
    await settle(ann.user)
    assert ann.user.client.account == "ann" and ann.user.client.is_here
    changed = await ann.say('/password "correct horse" "another horse"')
    assert changed == ["NickServ: Your password was changed. No other sessions were signed in."]
    ann.user.cut()
    ann.user.connect()
    await settle(ann.user)
    assert ann.user.client.account == "ann" and ann.user.client.is_here


async def test_signing_in_in_the_chat(harness: ServerHarness) -> None:
    await harness.account("ann")
    ann = await paper(harness, "guest")
    await ann.say("login ann correct horse")
    assert ann.user.client.account == "ann"
    assert await ann.say("/whoami") == ["You are ann, signed in as ann, on Hubbub."]
    ann.user.cut()
    ann.user.connect()
    await settle(ann.user)
    assert ann.user.client.account == "ann"


async def test_a_wrong_password_changes_nothing(harness: ServerHarness) -> None:
    await harness.account("ann")
    ann = await paper(harness, "guest")
    notes = await ann.say("/login ann wrong")
    assert notes and "wrong" not in " ".join(notes).replace("is wrong", "")
    assert ann.user.client.registration.identity.secret is None


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


async def test_without_a_connection_commands_wait_for_nobody(harness: ServerHarness) -> None:
    ann = await paper(harness)
    await ann.say("/join tea")
    ann.user.cut()
    assert "You are offline" in (await ann.say("/topic new"))[0] and not ann.done
    await ann.say("hello")
    ann.user.connect()
    await settle(ann.user)
    assert ann.user.texts("#tea") == ["ann: hello"]


async def test_rooms(harness: ServerHarness) -> None:
    ann, bob = await paper(harness), await paper(harness, "bob")
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
    await settle(bob.user)
    assert not bob.user["#tea"].is_joined
    await ann.say("/ban bob")
    assert any("+b" in note for note in await bob.say("/join tea"))
    await ann.say("/unban bob")
    await bob.say("/join tea")
    assert bob.user["#tea"].is_joined
    assert "#tea" in "\n".join(await ann.say("/rooms"))
    await ann.say("/leave")
    assert ann.user.client.find("#tea") is None


async def test_reactions_replies_edits_deletions(harness: ServerHarness) -> None:
    ann = await paper(harness)
    await ann.say("/join tea")
    await ann.say("oolnog")
    await ann.say("/edit oolong")
    await ann.say("/react 👍")
    (message,) = [m for m in ann.user["#tea"].timeline.messages if m.is_talk]
    assert message.text == "oolong" and message.reactions == {"👍": ["ann"]}
    await ann.say("/react 👍")
    assert message.reactions == {}
    await ann.say("/reply yes")
    assert ann.user["#tea"].timeline.messages[-1].reply_to == message.id
    ann.chosen = message
    await ann.say("/delete")
    assert message.is_deleted


async def test_keys_are_sent_by_their_fingerprints(harness: ServerHarness) -> None:
    await harness.account("ann")
    ann = await paper(harness, "ann", "correct horse")
    key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ0pS8e8dGm0mYkOaFB2yAIsNZQbDqvVYx2E8Y3oB1Zt ann@desk"
    (note,) = await ann.say(f"/keys ADD {key}")
    assert "SHA256:" in note and "can now sign in" in note
    assert any("SHA256:" in note for note in await ann.say("/keys"))
    assert "Write: /keys ADD KEY" in (await ann.say("/keys ADD nonsense"))[0]


async def test_raw_lines(harness: ServerHarness) -> None:
    ann = await paper(harness)
    await ann.say("/raw JOIN #tea")
    await ann.say("/quote PRIVMSG #tea :two words")
    assert ann.user.texts("#tea") == ["ann: two words"]
    assert await ann.say("/raw NONSENSE") != []


async def test_reporting(harness: ServerHarness) -> None:
    """The selected message: nobody reports by mistake what was said last."""
    ann, eve = await paper(harness), await paper(harness, "eve")
    for face in (ann, eve):
        await face.say("/join tea")
    await eve.say("an insult")
    assert (await ann.say("/report"))[0].startswith("Select a message first")
    assert ann.here is not None
    ann.chosen = next(one for one in ann.here.timeline.messages if one.text == "an insult")
    assert await ann.say("/report not nice") == ["The message was reported. A moderator will look at it."]
    [report] = harness.node.state.reports.values()
    assert (report.author, report.by, report.reason) == ("eve", "ann", "not nice")
    assert "already" in (await ann.say("/report"))[0]


async def test_registering_with_an_invitation(tmp_path: Path) -> None:
    """As the code alone, or as the whole link."""
    async with ServerHarness(tmp_path, {"accounts.registration": "invitation"}) as harness:
        harness.node.ask(CreateInvitation(digest_of("k3sR9pQxZ1vT0aLm"), uses=2))
        ann, bob = await paper(harness, "anna"), await paper(harness, "bobby")
        assert "invitation" in (await ann.say("/register anna correct-horse"))[0]
        assert "no longer valid" in (await ann.say("/invitation nonsense"))[0]
        assert await ann.say("/invitation k3sR9pQxZ1vT0aLm") == ["You can now register."]
        await bob.say("/invitation https://chat.test:12345/#/invitation/k3sR9pQxZ1vT0aLm")
        for face, name in ((ann, "anna"), (bob, "bobby")):
            await face.say(f"/register {name} correct-horse")
            assert harness.node.state.account_named(name) is not None


async def test_a_mistyped_room_is_asked_about_before_it_is_made(harness: ServerHarness) -> None:
    await harness.irc("bob")
    await harness.ask("bob", "JOIN #coffee")
    await harness.ask("bob", "JOIN #secret")
    await harness.ask("bob", "MODE #secret +s")
    ann = Paper(await come(harness, "ann", rooms=("#tea",)))
    ann.asks_first = True
    assert await ann.say("/join #cofee") == []
    assert harness.node.state.room_named("cofee") is None
    ((title, text, yes, then),) = ann.asked
    assert (title, yes) == (
        "There is no room #cofee in the list",
        "Create #cofee",
    ) and "Did you mean #coffee?" in text
    then()
    await settle(ann.user)
    ann._hear()
    assert ann.here is not None and ann.here.name == "#cofee"
    await ann.say("/join coffee")
    assert ann.here.name == "#coffee" and len(ann.asked) == 1, "a room that is there is gone to"
    await ann.say("/join secret")
    assert len(ann.asked) == 2 and "secret" not in ann.asked[1][1], "nothing is said of a room that is secret"
    harness.people["bob"].type("INVITE ann #secret")
    await ann.say("/join secret")
    assert ann.here.name == "#secret" and len(ann.asked) == 2, "one has been invited"
    ann.asks_first = False
    await ann.say("/join anything")
    assert ann.here.name == "#anything"


async def test_what_there_is_to_go_to(harness: ServerHarness) -> None:
    """The quick switcher offers rooms and people that are there, and a new room as what it is."""
    await harness.irc("bob")
    await harness.ask("bob", "JOIN #coffee")
    await harness.ask("bob", "TOPIC #coffee :Beans")
    ann = await come(harness, "ann", rooms=("#tea",))
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


async def test_everybody_is_listed_to_those_who_may_know(harness: ServerHarness) -> None:
    """Of the invisible, an account is told; a guest where they meet. The same by plain words."""
    await harness.account("ann")
    await harness.irc("bob")
    await harness.ask("bob", "MODE bob +i")
    await harness.netcat("guest")
    ann = Paper(await come(harness, "ann", "correct horse"))
    assert await ann.say("?list") == ["Connected (3): ann, bob, guest"]
    eve = Paper(await come(harness, "eve"))
    assert await eve.say("?list") == ["Connected (3): ann, eve, guest"]
    for answer in (await eve.say("?list"), await ann.say("?list")):
        assert len(answer) == 1
    assert await harness.ask("guest", "?list") == [
        "guest < Connected (3):",
        "guest <   ann",
        "guest <   eve",
        "guest <   guest",
    ]


async def test_two_questions_for_everybody_are_answered_each(harness: ServerHarness) -> None:
    ann = Paper(await come(harness, "ann", rooms=("#tea",)))
    ann.speech.say("?list")
    ann.user.client.people.ask_who("#tea")
    ann.speech.say("?list")
    await settle(ann.user)
    ann._hear()
    assert ann.notes == ["Connected (1): ann"] * 2


async def test_the_text_of_an_edit_that_is_refused_is_given_back(harness: ServerHarness) -> None:
    ann = Paper(await come(harness, "ann", rooms=("#tea",)))
    ann.here = ann.user["#tea"]
    await ann.say("first")
    message = next(m for m in ann.here.timeline.messages if m.is_talk)
    message.id = "0" * len(message.id)
    ann.chosen = message
    notes = await ann.say("/edit second")
    assert [note for note in notes if note.endswith("\nYou wrote: second")]
