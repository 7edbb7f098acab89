"""The presenter alone: what it decides for every face, seen by a face that only writes down what it is told."""

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

import pytest

from hubbub.client import events
from hubbub.client.chat_model import Conversation, Message, Outgoing
from hubbub.client.presenter import Presenter
from hubbub.client.visited import VISITED_MAX, Visited
from tests.client.client_harness import ClientHarness, come, settle
from tests.server_harness import ServerHarness

TEA, CAKE = "#tea", "#cake"


@dataclass
class Settings:
    clock: int = 24
    newrooms: str = "make"


class Preferences:
    def __init__(self) -> None:
        self.settings = Settings()

    def settings_in_words(self) -> Sequence[str]:
        return [f"clock {self.settings.clock}"]

    def set(self, name: str, text: str) -> str:
        if name != "clock":
            raise ValueError(f"There is no setting {name}.")
        self.settings.clock = int(text)
        return f"{name} is {text}."


class Box:
    """A box in which somebody writes."""

    def __init__(self) -> None:
        self.text = ""
        self.sent: list[str] = []
        self.about = self.doubt = ""
        self.can_be_text = True
        self.message: Message | None = None

    def write(self, text: str) -> None:
        self.text = text

    def give_back(self, text: str) -> None:
        self.text = f"{text}\n{self.text}" if self.text else text

    def remember(self, text: str) -> None:
        self.sent.append(text)

    def turn_to(self, message: Message | None) -> None:
        self.message = message

    def tell(self, about: str, doubt: str, can_be_text: bool) -> None:
        self.about, self.doubt, self.can_be_text = about, doubt, can_be_text


@dataclass
class Asked:
    title: str
    text: str
    yes: str
    then: Callable[[], None]
    is_grave: bool


@dataclass
class Paper:
    """A face that writes down what it is told to draw."""

    preferences: Preferences = field(default_factory=Preferences)
    box: Box = field(default_factory=Box)
    sees_end: bool = True
    is_covered: bool = False
    unread_line: Message | None = None
    chosen: Message | None = None
    shown: list[str] = field(default_factory=list)
    did: list[str] = field(default_factory=list)
    """What it was told to do, a word each; a part of the face as `draw PART`."""
    jumps: list[tuple[str, bool]] = field(default_factory=list)
    rung: list[str] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    banner: tuple[str, bool, bool] = ("", False, False)
    found: list[events.SearchFinished] = field(default_factory=list)

    def selected(self) -> Message | None:
        return self.chosen

    def show_messages(self, conversation: Conversation | None, unread: Message | None) -> None:
        self.shown.append(conversation.name if conversation else "")
        self.unread_line = unread

    def message_arrived(self, message: Message) -> None:
        self.did.append(f"arrived {message.text}")

    def messages_changed(self, item: Message | Outgoing | None = None) -> None:
        self.did.append("changed")

    def mark(self, message: Message | None) -> None:
        self.unread_line = message

    def go_to_end(self) -> None:
        self.did.append("end")

    def jump_to(self, message: Message, *, was_sought: bool = False) -> None:
        self.jumps.append((message.text, was_sought))

    def clear(self) -> None:
        self.did.append("clear")

    def tidy_soon(self, *parts: str) -> None:
        self.did += [f"draw {part}" for part in parts]

    def keep_soon(self) -> None:
        self.did.append("keep")

    def show_ways_soon(self) -> None:
        self.did.append("ways")

    def show_outage(self, words: str, can_retry: bool, is_counting: bool) -> None:
        self.banner = (words, can_retry, is_counting)

    def settings_changed(self) -> None:
        self.did.append("restyle")

    def ring(self, conversation: Conversation, message: Message) -> None:
        self.rung.append(f"{conversation.name} {message.text}")

    def goals_changed(self) -> None:
        self.did.append("goals")

    def show_found(self, event: events.SearchFinished) -> None:
        self.found.append(event)

    def search(self, text: str) -> None:
        self.did.append(f"search {text}")

    def read(self, title: str, rows: Sequence[tuple[str, str]]) -> None:
        self.did.append(f"read {title}")

    def ask(
        self, title: str, text: str, yes: str, then: Callable[[], None], *, is_grave: bool = False
    ) -> None:
        self.asked.append(Asked(title, text, yes, then, is_grave))

    def send_file(self, path: str) -> None:
        self.did.append(f"send {path}")

    def connect_now(self) -> None:
        self.did.append("connect")

    def leave(self, reason: str) -> None:
        self.did.append(f"leave {reason}")


class Chat:
    """Ann before her face, and Ben at another one, in two rooms."""

    def __init__(self, harness: ServerHarness, ann: ClientHarness, ben: ClientHarness) -> None:
        self.harness, self.ann, self.ben = harness, ann, ben
        self.view = Paper()
        self.presenter = Presenter(ann.client, self.view, lambda: harness.now_ms, "hubbub.test")

    async def settle(self) -> None:
        """Until everything has happened, and the presenter has heard of it."""
        while True:
            await settle(self.ann, self.ben)
            happened = self.ann.seen()
            for event in happened:
                self.presenter.heard(event)
            if not happened:
                return

    async def ben_says(self, text: str, room: str = TEA) -> Message:
        self.harness.wait(1)
        self.ben.client.say(self.ben[room], text)
        await self.settle()
        return self.message(text, room)

    async def send(self, text: str, *, as_text: bool = False) -> None:
        """Enter is pressed: the box is emptied, and its text sent."""
        self.harness.wait(1)
        self.view.box.text = ""
        self.presenter.writing.send(text, as_text)
        await self.settle()

    def write(self, text: str) -> None:
        self.view.box.text = text
        self.presenter.writing.typed(text)

    def message(self, text: str, room: str = TEA) -> Message:
        return next(one for one in self.ann[room].timeline.messages if one.text == text)

    @property
    def here(self) -> str:
        return self.presenter.here.name if self.presenter.here else ""

    def notes(self) -> list[str]:
        """What the user is told where they look."""
        place = self.presenter.here or self.presenter.console
        return [one.text for one in place.timeline.messages if one.kind.value == "note"]


@pytest.fixture
async def chat(harness: ServerHarness) -> AsyncIterator[Chat]:
    ann, ben = await come(harness, "ann"), await come(harness, "ben")
    found = Chat(harness, ann, ben)
    await found.settle()
    for room in (TEA, CAKE):
        for user in (ben, ann):
            user.client.join(room)
            await found.settle()
    found.presenter.show(ann[TEA])
    await found.settle()
    found.view.did.clear()
    yield found


# The conversation that is looked at


async def test_the_first_room_is_shown_and_later_ones_are_not(harness: ServerHarness) -> None:
    ann, ben = await come(harness, "ann"), await come(harness, "ben")
    chat = Chat(harness, ann, ben)
    for room in (TEA, CAKE):
        ann.client.join(room)
        await chat.settle()
    assert chat.here == TEA and chat.view.shown == [TEA]


async def test_the_room_where_one_was_the_last_time_is_shown_when_it_comes(harness: ServerHarness) -> None:
    ann, ben = await come(harness, "ann"), await come(harness, "ben")
    chat = Chat(harness, ann, ben)
    chat.presenter.begin_at("#CAKE")
    for room in (TEA, CAKE, "#milk"):
        ann.client.join(room)
        await chat.settle()
    assert chat.view.shown == [TEA, CAKE]


async def test_a_face_that_begins_late_looks_at_the_wanted_room_among_those_one_is_in(chat: Chat) -> None:
    late = Presenter(chat.ann.client, Paper(), lambda: 0, "hubbub.test")
    late.begin_at(TEA)
    late.begin()
    assert late.here is chat.ann[TEA]
    other = Presenter(chat.ann.client, Paper(), lambda: 0, "hubbub.test")
    other.begin()
    assert other.here is chat.ann[CAKE], "the first of the list"


async def test_each_conversation_keeps_what_is_written_in_it(chat: Chat) -> None:
    chat.write("half a sen")
    assert chat.view.did == ["keep"]
    chat.presenter.show(chat.ann[CAKE])
    assert chat.view.box.text == ""
    chat.presenter.show(chat.ann[TEA])
    assert chat.view.box.text == "half a sen"


async def test_showing_what_is_looked_at_goes_to_its_end_only(chat: Chat) -> None:
    shown = list(chat.view.shown)
    chat.presenter.show(chat.ann[TEA])
    assert chat.view.shown == shown and chat.view.did == ["end"]


async def test_when_a_conversation_is_closed_the_next_one_is_looked_at(chat: Chat) -> None:
    chat.ann.client.leave(chat.ann[TEA])
    await chat.settle()
    assert chat.here == CAKE


async def test_without_a_conversation_what_is_written_stays(chat: Chat) -> None:
    chat.ann.client.leave(chat.ann[CAKE])
    chat.write("not lost")
    chat.ann.client.leave(chat.ann[TEA])
    await chat.settle()
    assert chat.here == "" and chat.view.shown[-1] == "" and chat.view.box.text == "not lost"
    await chat.send("not lost")
    assert chat.view.box.text == "not lost"
    assert (
        chat.view.box.doubt
        == "You are not in a room. Join one with /join ROOM, or list the rooms with /rooms."
    )


async def test_back_and_forward(chat: Chat) -> None:
    presenter = chat.presenter
    presenter.show(chat.ann[CAKE])
    presenter.talk_to("ben")
    presenter.go_back(-1)
    presenter.go_back(-1)
    assert chat.here == TEA
    presenter.go_back(1)
    assert chat.here == CAKE
    presenter.go_back(1)
    presenter.go_back(1)
    assert chat.here == "ben", "there is nothing further forward"


def test_ways_back_are_bounded_and_forget_what_is_closed() -> None:
    visited, rooms = Visited(), [Conversation(f"#{n}", is_room=True) for n in range(VISITED_MAX + 5)]
    assert visited.step(-1) is None
    for room in rooms:
        visited.went(room)
    back = [visited.step(-1) for _ in range(VISITED_MAX)]
    assert back[-1] is None and back[-2] is rooms[5]
    visited.closed(rooms[6])
    assert visited.step(1) is rooms[7]


async def test_steps_go_around_the_list_and_to_what_is_unread(chat: Chat) -> None:
    presenter = chat.presenter
    presenter.step(1)
    assert chat.here == CAKE, "around the end of the list"
    presenter.step(-1)
    assert chat.here == TEA
    presenter.step_unread(1)
    presenter.go_to_unread()
    assert chat.here == TEA, "nothing is unread"
    await chat.ben_says("ann: cake is here", CAKE)
    presenter.go_to_unread()
    assert chat.here == CAKE


@pytest.mark.parametrize(
    ("key", "place"), [(f"go {CAKE}", CAKE), ("talk ben", "ben"), ("make #milk", "#milk"), ("go #none", TEA)]
)
async def test_the_quick_switcher_goes_joins_and_talks(chat: Chat, key: str, place: str) -> None:
    chat.presenter.go_to_goal(key)
    await chat.settle()
    assert chat.here == place


async def test_what_cannot_be_joined_is_told(chat: Chat) -> None:
    chat.presenter.enter("two words")
    assert chat.notes() == ["A name can't contain spaces."]


# Reading


async def test_what_comes_is_read_only_if_its_user_sees_it(chat: Chat) -> None:
    await chat.ben_says("seen")
    assert chat.ann[TEA].unread == 0
    chat.view.sees_end = False
    await chat.ben_says("not seen")
    assert chat.ann[TEA].unread == 1
    chat.view.sees_end, chat.view.is_covered = True, True
    chat.presenter.mark_read()
    assert chat.ann[TEA].unread == 1, "a dialog is before it"
    chat.view.is_covered = False
    chat.presenter.mark_read()
    assert chat.ann[TEA].unread == 0


async def test_coming_to_a_room_the_line_stands_above_what_is_unread(chat: Chat) -> None:
    await chat.ben_says("one", CAKE)
    await chat.ben_says("two", CAKE)
    chat.presenter.show(chat.ann[CAKE])
    assert chat.view.unread_line is chat.message("one", CAKE)
    chat.presenter.jump_unread()
    assert chat.view.jumps == [("one", False)]
    chat.presenter.settle()
    assert chat.view.unread_line is None and chat.ann[CAKE].unread == 0
    chat.presenter.jump_unread()
    assert len(chat.view.jumps) == 1, "nothing is unread"


async def test_unread_from_a_message_on(chat: Chat) -> None:
    for text in ("one", "two", "three"):
        await chat.ben_says(text)
    chat.view.sees_end = False
    chat.presenter.mark_unread(chat.message("two"))
    await chat.settle()
    assert chat.ann[TEA].unread == 2 and chat.view.unread_line is chat.message("two")


async def test_only_a_mention_that_is_not_seen_rings(chat: Chat) -> None:
    await chat.ben_says("ann: here")
    await chat.ben_says("nobody", CAKE)
    await chat.send("I am ann")
    assert chat.view.rung == []
    await chat.ben_says("ann: there", CAKE)
    chat.view.sees_end = False
    await chat.ben_says("ann: away")
    assert chat.view.rung == [f"{CAKE} ann: there", f"{TEA} ann: away"]


async def test_only_what_is_looked_at_is_drawn(chat: Chat) -> None:
    await chat.ben_says("elsewhere", CAKE)
    assert not [word for word in chat.view.did if word.startswith("arrived")]
    assert "draw rooms" in chat.view.did
    await chat.ben_says("here")
    assert "arrived here" in chat.view.did


# Writing


async def with_a_phone(harness: ServerHarness) -> tuple[Chat, ClientHarness]:
    """Ann looks at a room, and has another device."""
    await harness.account("ann")
    phone, ann = [await come(harness, "ann", "correct horse", seed=seed) for seed in (1, 2)]
    chat = Chat(harness, ann, phone)
    ann.client.join(TEA)
    await chat.settle()
    chat.presenter.show(ann[TEA])
    return chat, phone


async def test_a_draft_goes_to_the_other_devices_and_comes_from_them(harness: ServerHarness) -> None:
    chat, phone = await with_a_phone(harness)
    chat.write("tea?")
    for _ in range(2):
        chat.ann.client.drafts.tick()
    await chat.settle()
    assert phone[TEA].draft == "tea?"
    phone[TEA].draft = "tea at five?"
    phone.client.drafts.send(phone[TEA])
    await chat.settle()
    assert chat.view.box.text == "tea at five?"
    await chat.send("tea at five?")
    assert phone[TEA].draft == ""
    await chat.send("first")
    chat.presenter.writing.edit_last()
    phone[TEA].draft = "another"
    phone.client.drafts.send(phone[TEA])
    await chat.settle()
    assert chat.view.box.text == "first", "an edit goes on"
    chat.presenter.writing.cancel()
    assert chat.view.box.text == "another"


async def test_a_draft_is_sent_when_its_conversation_is_left(harness: ServerHarness) -> None:
    chat, phone = await with_a_phone(harness)
    chat.write("tea?")
    chat.presenter.talk_to("ben")
    await chat.settle()
    assert phone[TEA].draft == "tea?"


async def test_a_message_is_said_and_can_be_recalled(chat: Chat) -> None:
    await chat.send("hello :wave:")
    assert chat.ben.texts(TEA) == ["ann: hello 👋"]
    assert chat.view.box.sent == ["hello 👋"] and "end" in chat.view.did


async def test_spaces_are_no_message(chat: Chat) -> None:
    await chat.send("  ")
    assert chat.view.did == [] and chat.view.box.doubt == ""


async def test_what_cannot_be_done_stands_in_the_box_again_and_says_why(chat: Chat) -> None:
    await chat.send("/nonsense")
    box = chat.view.box
    assert box.text == "/nonsense" and box.sent == []
    assert box.doubt == "There is no command /nonsense. To list all commands, write /help."
    assert chat.ann[TEA].draft == "/nonsense", "and is kept"
    await chat.send("/nonsense", as_text=True)
    assert chat.ben.texts(TEA) == ["ann: /nonsense"] and box.doubt == "" and box.text == ""


async def test_a_doubt_goes_when_the_box_is_emptied(chat: Chat) -> None:
    await chat.send("/nonsense")
    chat.write("")
    assert chat.view.box.doubt == ""


async def test_a_password_is_not_recalled(chat: Chat) -> None:
    await chat.send("/login ann secret-password")
    assert chat.view.box.sent == [] and chat.view.box.doubt == ""


async def test_others_see_a_message_being_typed_and_no_command(chat: Chat) -> None:
    chat.write("/jo")
    await chat.settle()
    assert not chat.ben[TEA].typing
    chat.write("hel")
    await chat.settle()
    assert list(chat.ben[TEA].typing) == ["ann"]


async def test_an_edit_leaves_the_draft_alone(chat: Chat) -> None:
    await chat.send("first")
    chat.write("a draft")
    chat.presenter.writing.edit_last()
    box = chat.view.box
    assert box.text == "first" and box.message is chat.message("first") and not box.can_be_text
    assert box.about == "Editing. Enter saves, Escape cancels."
    chat.write("first, and more")
    assert chat.ann[TEA].draft == "a draft"
    await chat.send("second")
    assert chat.ben.texts(TEA) == ["ann: second"]
    assert box.text == "a draft" and box.about == "" and box.message is None and box.sent == ["first"]


async def test_an_edit_that_is_refused_goes_on(chat: Chat) -> None:
    await chat.send("first")
    chat.presenter.writing.edit_last()
    chat.ann.client.server.enabled.discard("hubbub/edit")
    await chat.send("second")
    assert chat.view.box.text == "second" and chat.presenter.writing.editing is not None
    assert chat.view.box.doubt == "This server can't edit messages."
    assert chat.presenter.writing.cancel() and chat.view.box.doubt == "" and chat.view.box.text == ""
    assert not chat.presenter.writing.cancel(), "there is nothing more to leave"


async def test_what_others_have_said_is_not_edited(chat: Chat) -> None:
    message = await chat.ben_says("mine")
    chat.presenter.writing.edit(message)
    chat.presenter.writing.edit_last()
    assert chat.presenter.writing.editing is None and chat.view.box.text == ""


async def test_a_reply_answers_once(chat: Chat) -> None:
    message = await chat.ben_says("tea?")
    chat.presenter.writing.reply_last()
    assert chat.view.box.message is message
    assert chat.view.box.about == "Replying to ben: tea?  (Escape cancels)"
    await chat.send("yes")
    await chat.send("with milk")
    assert chat.message("yes").reply_to == message.id and chat.message("with milk").reply_to == ""


async def test_a_reply_that_is_begun_in_an_edit_brings_the_draft_back(chat: Chat) -> None:
    message = await chat.ben_says("tea?")
    await chat.send("first")
    chat.write("a draft")
    chat.presenter.writing.edit_last()
    chat.presenter.writing.reply_to(message)
    assert chat.view.box.text == "a draft" and chat.presenter.writing.replying is message


async def test_a_reply_ends_where_another_conversation_is_looked_at(chat: Chat) -> None:
    chat.presenter.writing.reply_to(await chat.ben_says("tea?"))
    chat.presenter.show(chat.ann[CAKE])
    assert chat.presenter.writing.replying is None and chat.view.box.about == ""


# What is done with messages


async def test_a_reaction_is_given_and_taken_back(chat: Chat) -> None:
    message = await chat.ben_says("tea?")
    for expected in ({"👍": ["ann"]}, {}):
        chat.presenter.react(message, "👍")
        await chat.settle()
        assert message.reactions == expected


async def test_deleting_asks_first_and_deletes_where_it_was_asked(chat: Chat) -> None:
    await chat.send("a slip\nof the tongue")
    message = chat.ann[TEA].timeline.messages[-1]
    chat.presenter.ask_delete(message)
    (asked,) = chat.view.asked
    assert (asked.title, asked.text, asked.yes) == (
        "Delete this message?",
        "ann: a slip of the tongue",
        "Delete",
    )
    assert asked.is_grave and not message.is_deleted
    chat.presenter.show(chat.ann[CAKE])
    asked.then()
    await chat.settle()
    assert message.is_deleted


async def test_what_the_server_cannot_do_is_told(chat: Chat) -> None:
    message = await chat.ben_says("tea?")
    chat.ann.client.server.enabled.discard("message-tags")
    chat.presenter.react(message, "👍")
    assert chat.notes() == ["This server can't react messages."]


async def test_a_question_that_fails_afterwards_is_told(chat: Chat) -> None:
    chat.view.preferences.settings.newrooms = "ask"
    await chat.send("/join #milk")
    (asked,) = chat.view.asked
    assert asked.title == "There is no room #milk in the list" and not asked.is_grave
    chat.ann.cut()
    await chat.settle()
    asked.then()
    assert chat.notes()[-1].startswith("You are offline.")


# Searching


async def test_a_search_finds_and_goes_there(chat: Chat) -> None:
    await chat.ben_says("cake with cherries", CAKE)
    assert chat.presenter.begin_search("cherries", None) == ""
    await chat.settle()
    ((name, message),) = chat.view.found[-1].found
    chat.presenter.go_to_found(name, message.id)
    assert chat.here == CAKE and chat.view.jumps == [("cake with cherries", True)]


async def test_a_search_that_cannot_be_says_why(chat: Chat) -> None:
    chat.ann.client.server.enabled.discard("soju.im/search")
    assert chat.presenter.begin_search("cherries", None) == "This server can't search."


async def test_a_message_that_is_not_known_is_fetched_and_then_gone_to(chat: Chat) -> None:
    for n in range(5):
        await chat.ben_says(f"message {n}")
    carla = Chat(chat.harness, await come(chat.harness, "carla"), chat.ben)
    sought = chat.message("message 0").id
    carla.ann.client.join(TEA)
    await settle(carla.ann)
    carla.ann[TEA].timeline = type(carla.ann[TEA].timeline)()
    carla.presenter.show(carla.ann[TEA])
    carla.presenter.go_to_found(TEA, sought)
    assert carla.view.jumps == []
    await carla.settle()
    assert carla.view.jumps == [("message 0", True)]


async def test_a_message_is_not_gone_to_once_its_user_looks_elsewhere(chat: Chat) -> None:
    message = await chat.ben_says("over there", CAKE)
    chat.ann[CAKE].timeline = type(chat.ann[CAKE].timeline)()
    chat.presenter.go_to_found(CAKE, message.id)
    chat.presenter.show(chat.ann[TEA])
    await chat.settle()
    assert chat.view.jumps == []


# What it tells


async def test_in_no_room_its_user_is_told_which_there_are(harness: ServerHarness) -> None:
    ann, ben = await come(harness, "ann"), await come(harness, "ben")
    chat = Chat(harness, ann, ben)
    await chat.settle()
    assert "ways" in chat.view.did and chat.presenter.console.name == ann.client.server.network
    chat.presenter.show_ways()
    await chat.settle()
    assert "You are not in a room yet. Press Ctrl+K, or write /join ROOM." in chat.notes()
    assert chat.presenter.console.timeline.messages[-1].time_ms == harness.now_ms


async def test_in_a_room_nobody_is_told_that(chat: Chat) -> None:
    chat.presenter.show_ways()
    assert chat.notes() == []


async def test_the_banner_counts_down_until_one_is_connected_or_has_left(chat: Chat) -> None:
    since = chat.harness.now_ms
    chat.presenter.heard(events.Disconnected("It is gone.", 5.0))
    words, can_retry, is_counting = chat.view.banner
    assert "Reconnecting in 5 s. It is gone." in words and can_retry and is_counting
    chat.harness.now_ms = since + 2_000
    chat.presenter.tell_outage()
    assert "Reconnecting in 3 s." in chat.view.banner[0]
    chat.ann.client.quit()
    chat.presenter.tell_outage()
    assert chat.view.banner[:2] == ("", False)


async def test_hurry_connects_or_sends_again(chat: Chat) -> None:
    chat.presenter.hurry()
    assert chat.notes() == ["All messages in this conversation were sent."] and "connect" not in chat.view.did
    chat.ann.cut()
    chat.presenter.hurry()
    assert "connect" in chat.view.did


async def test_words_of_the_face_reach_it(chat: Chat) -> None:
    for line in ("/clear", "/send cake.png", "/search cherries", "/help", "/exit"):
        await chat.send(line)
    told = [word for word in chat.view.did if word.split()[0] in ("clear", "send", "search", "read", "leave")]
    assert told == ["clear", "send cake.png", "search cherries", "read Commands", "leave "]


async def test_settings_are_told_changed_and_refused(chat: Chat) -> None:
    await chat.send("/set")
    await chat.send("/set clock 12")
    assert chat.notes() == ["Settings (to change one, write /set NAME VALUE):\nclock 24", "clock is 12."]
    assert chat.view.did.count("restyle") == 1
    await chat.send("/set clock")
    assert chat.view.box.doubt == "Write: /set clock VALUE"


async def test_older_messages_are_asked_for_where_there_may_be_some(chat: Chat) -> None:
    times = [one.time_ms for one in chat.ann[TEA].timeline.messages]
    assert all(one <= other for one, other in pairwise(times))
    chat.ann[TEA].timeline.is_whole = True
    chat.presenter.near_top()
    assert not chat.ann.client.take_output(), "there is nothing older"
    message = await chat.ben_says("after a gap")
    chat.presenter.gap_seen(message)
    assert not chat.ann.client.take_output(), "there is no gap"
    message.follows_gap = True
    chat.presenter.gap_seen(message)
    assert any(b"CHATHISTORY" in line for line in chat.ann.client.take_output())
